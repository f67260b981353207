// Package oracle plays schedules of calls through sony/gobreaker and tells what it did at each step.
//
// It is built as a test, since testing/synctest is what gives gobreaker a clock that moves only with the schedule. It
// reads a schedule a line from standard input and writes what was seen a line to standard output, as JSON.
package oracle

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sony/gobreaker/v2"
)

type schedule struct {
	FailureThreshold  uint32
	WindowMs          int
	OpenMs            int
	HalfOpenTimeoutMs int
	Steps             []step
}

type step struct {
	Do      string // pass, begin, end
	Ms      int
	Which   int
	Outcome string // success, failure, neither
}

type seen struct {
	Admitted *bool  `json:"admitted,omitempty"`
	State    string `json:"state"`
	Failures uint32 `json:"failures"`
}

var (
	errFailure = errors.New("failure")
	errNeither = errors.New("neither")
)

var outcomes = map[string]error{"success": nil, "failure": errFailure, "neither": errNeither}

// call is one that gobreaker let through.
type call struct {
	done    func(error)
	changes int       // of the state, before it began
	probe   bool      // began half open
	limit   time.Time // of a probe: when whoever waits for it gives up
	settled bool
}

type player struct {
	breaker *gobreaker.TwoStepCircuitBreaker[any]
	changes int
	limit   time.Duration
	running []*call
	probes  []*call
}

func TestPlaySchedules(t *testing.T) {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var given schedule
		if err := json.Unmarshal(input.Bytes(), &given); err != nil {
			t.Fatal(err)
		}
		var trace []seen
		synctest.Test(t, func(*testing.T) { trace = play(given) })
		if err := output.Encode(trace); err != nil {
			t.Fatal(err)
		}
	}
}

func play(given schedule) []seen {
	p := &player{limit: ms(given.HalfOpenTimeoutMs)}
	p.breaker = gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
		MaxRequests:  1,
		Interval:     ms(given.WindowMs),
		BucketPeriod: time.Millisecond,
		// gobreaker waits for longer than its timeout, Jatra for exactly as long.
		Timeout:       ms(given.OpenMs) - time.Nanosecond,
		ReadyToTrip:   func(counts gobreaker.Counts) bool { return counts.TotalFailures >= given.FailureThreshold },
		IsExcluded:    func(err error) bool { return errors.Is(err, errNeither) },
		OnStateChange: func(string, gobreaker.State, gobreaker.State) { p.changes++ },
	})
	trace := make([]seen, 0, len(given.Steps))
	for _, each := range given.Steps {
		var now seen
		switch each.Do {
		case "pass":
			p.pass(ms(each.Ms))
		case "begin":
			admitted := p.begin()
			now.Admitted = &admitted
		case "end":
			p.end(each.Which, outcomes[each.Outcome])
		}
		// State first: gobreaker looks at the clock only when it is asked.
		now.State = p.breaker.State().String()
		if now.State == "closed" {
			now.Failures = p.breaker.Counts().TotalFailures
		}
		trace = append(trace, now)
	}
	return trace
}

// pass moves the clock, and gives up probes whose time is up on the way: gobreaker leaves that to its callers.
func (p *player) pass(length time.Duration) {
	until := time.Now().Add(length)
	for len(p.probes) > 0 {
		first := p.probes[0]
		if !first.settled && first.limit.After(until) {
			break
		}
		p.probes = p.probes[1:]
		if !first.settled {
			time.Sleep(time.Until(first.limit))
			first.done(errFailure)
		}
	}
	time.Sleep(time.Until(until))
}

func (p *player) begin() bool {
	halfOpen := p.breaker.State() == gobreaker.StateHalfOpen
	done, err := p.breaker.Allow()
	if err != nil {
		return false
	}
	begun := &call{done: done, changes: p.changes, probe: halfOpen}
	p.running = append(p.running, begun)
	if halfOpen {
		begun.limit = time.Now().Add(p.limit)
		p.probes = append(p.probes, begun)
	}
	return true
}

func (p *player) end(which int, outcome error) {
	if len(p.running) == 0 {
		return
	}
	at := len(p.running) - 1 - which%len(p.running)
	ended := p.running[at]
	p.running = append(p.running[:at], p.running[at+1:]...)
	ended.settled = true
	p.breaker.State()
	if outcome == errFailure && !ended.probe && ended.changes == p.changes {
		// gobreaker books a failure under the moment its call began, Jatra under the moment it failed: told here as a call that
		// began and failed now. A call from before a change goes the straight way, for gobreaker to ignore.
		ended.done(errNeither)
		again, err := p.breaker.Allow()
		if err != nil {
			panic(err)
		}
		again(errFailure)
		return
	}
	ended.done(outcome)
}

func ms(count int) time.Duration { return time.Duration(count) * time.Millisecond }
