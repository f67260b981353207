// Command checker holds a recorded history of seat holds against their sequential specification with Porcupine. It reads the
// history as JSON from standard input and writes its verdict as JSON to standard output; e2e/chaos/linearizability
// records the histories and reads the verdicts. An unusable history ends with exit code 2.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/anishathalye/porcupine"
)

type verdict struct {
	// "linearizable", "not linearizable", or "undecided" where the time was over first.
	Verdict    string `json:"verdict"`
	Operations int    `json:"operations"`
	Journeys   int    `json:"journeys"`
	// Operations without an answer: each may have had its effect at any time since, or never.
	Open int `json:"open"`
	// Refusals that had to be explained by a seat that is taken, and those that a concurrent attempt or an end excused.
	RefusalsHeld    int `json:"refusalsHeld"`
	RefusalsExcused int `json:"refusalsExcused"`
	// For each journey that has no linearization: the operations that fit into none of the longest partial ones.
	Unexplained map[string][]string `json:"unexplained"`
	Pictures    []string            `json:"pictures"`
}

func main() {
	limit := flag.Duration("limit", time.Minute, "give up after this long; 0 for never")
	pictures := flag.String("pictures", "", "folder for an HTML page of each journey without a linearization")
	flag.Parse()
	recorded, err := readHistory(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the history is unusable:", err)
		os.Exit(2)
	}
	found, err := check(recorded, *limit, *pictures)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		os.Exit(2)
	}
}

func check(recorded history, limit time.Duration, pictures string) (verdict, error) {
	found := verdict{Verdict: "linearizable", Unexplained: map[string][]string{}, Pictures: []string{}}
	endsAt := time.Now().Add(limit)
	for name, operations := range recorded.byJourney() {
		part, err := newJourney(operations, recorded.Refusals, toleranceOf(recorded))
		if err != nil {
			return found, fmt.Errorf("%s: %w", name, err)
		}
		found.Journeys++
		found.Operations += len(operations)
		found.Open += part.open
		found.RefusalsHeld += part.refusalsHeld
		found.RefusalsExcused += part.refusalsExcused
		left := time.Duration(0)
		if limit > 0 {
			left = max(time.Until(endsAt), time.Millisecond)
		}
		result, info := porcupine.CheckOperationsVerbose(part.model(), part.operations, left)
		if result == porcupine.Unknown && found.Verdict == "linearizable" {
			found.Verdict = "undecided"
		}
		if result != porcupine.Illegal {
			continue
		}
		found.Verdict = "not linearizable"
		found.Unexplained[name] = unexplained(part, info)
		if pictures != "" {
			page := filepath.Join(pictures, name+".html")
			if err := porcupine.VisualizePath(part.model(), info, page); err != nil {
				return found, err
			}
			found.Pictures = append(found.Pictures, page)
		}
	}
	return found, nil
}

// A list of everything would help nobody; the first few show what happened.
const unexplainedMax = 12

func unexplained(part *journey, info porcupine.LinearizationInfo) []string {
	explained := map[int]bool{}
	for _, partials := range info.PartialLinearizationsOperations() {
		var longest []porcupine.Operation
		for _, partial := range partials {
			if len(partial) > len(longest) {
				longest = partial
			}
		}
		for _, one := range longest {
			explained[one.Input.(step).number] = true
		}
	}
	lines := []string{}
	for _, one := range part.operations {
		input := one.Input.(step)
		if !explained[input.number] && len(lines) < unexplainedMax {
			lines = append(lines, fmt.Sprintf("client %d, %d-%d µs: %s",
				one.ClientId, one.Call, one.Return, input.text))
		}
	}
	return lines
}
