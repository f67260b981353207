package main

import (
	"encoding/json"
	"errors"
	"io"
)

// history is what the recorder wrote: every operation of every client, on one clock.
type history struct {
	// "strict": a refusal needs a taken seat or an excuse. "free": Redis was broken on purpose, so that its markers may outlive
	// what they stand for, and a refusal says nothing.
	Refusals string `json:"refusals"`
	// How far the clock of the ends and the clock of the calls ran apart.
	ClockError int64       `json:"clockError"`
	Operations []operation `json:"operations"`
}

// operation is one call of one client. Times are microseconds of the recorder's monotonic clock.
type operation struct {
	Client  int    `json:"client"`
	Journey string `json:"journey"`
	// acquire, extend, release, pay, sell, free, read, look
	Kind string `json:"kind"`
	Call int64  `json:"call"`
	// Null: no answer came, so the operation is open to this day.
	Return *int64 `json:"return"`
	// The lock's id. Of an acquire without an answer: the one that was found when all was over, if it had come to be.
	Lock    string `json:"lock"`
	Booking string `json:"booking"`
	// Of acquire and look.
	Seats   []string `json:"seats"`
	FromSeq int      `json:"fromSeq"`
	ToSeq   int      `json:"toSeq"`
	// How long a hold was asked for, of acquire and extend; microseconds.
	TTL int64 `json:"ttl"`
	// What came back ("ok" or "nothing" of an acquire without an answer: what was found in the end): "ok", a problem's code, a lock's status (read), "changed" or "unchanged" (sell, free).
	Outcome string `json:"outcome"`
	// When the hold ends, by the answer of acquire, extend or read.
	End *int64 `json:"end"`
	// Of a refused acquire.
	FailedSeat string `json:"failedSeat"`
	// Of look: seats that are not free, HELD or SOLD.
	Taken map[string]string `json:"taken"`
}

func readHistory(from io.Reader) (history, error) {
	var recorded history
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&recorded); err != nil {
		return recorded, err
	}
	if recorded.Refusals != "strict" && recorded.Refusals != "free" {
		return recorded, errors.New("refusals are strict or free")
	}
	if len(recorded.Operations) == 0 {
		return recorded, errors.New("nothing was recorded")
	}
	return recorded, nil
}

// Seats of different journeys have nothing in common, so each journey is linearizable by itself or not.
func (recorded history) byJourney() map[string][]operation {
	parts := map[string][]operation{}
	for _, one := range recorded.Operations {
		parts[one.Journey] = append(parts[one.Journey], one)
	}
	return parts
}
