package main

import (
	"fmt"
	"slices"

	"github.com/anishathalye/porcupine"
)

// journey is the history of one journey as Porcupine takes it.
type journey struct {
	operations      []porcupine.Operation
	seats           []string
	legs            int
	locks           map[string]int
	open            int
	refusalsHeld    int
	refusalsExcused int
}

// step is an operation with its answer, resolved to places and lock numbers. All of it is input to Porcupine: the answers are
// known, and a history file has them beside the questions.
type step struct {
	number   int
	kind     string
	answered bool
	outcome  string
	lock     int
	booking  byte
	// Of acquire: its places. Of a refusal: the failed seat's. Of look: none.
	places []int
	// The end that the answer told, or -number where no answer did; of expire: the end that it is about.
	end     int64
	fromSeq int
	toSeq   int
	taken   map[string]string
	text    string
}

func newJourney(operations []operation, refusals string, allowed tolerance) (*journey, error) {
	part := &journey{locks: map[string]int{}}
	bookings := map[string]byte{}
	for _, one := range operations {
		part.measure(one)
	}
	excuses := excused(operations, allowed)
	for number, one := range operations {
		if one.Outcome == "seat_unavailable" && (excuses[number] || refusals == "free") {
			part.refusalsExcused++
			continue // legal in every state and without effect
		}
		if one.Return == nil {
			part.open++
		}
		if one.Outcome == "nothing" || (one.Return == nil && (one.Kind == "read" || one.Kind == "look")) {
			continue // without an effect and without an answer: nothing to hold against anything
		}
		taken, err := part.resolve(number+1, one, bookings)
		if err != nil {
			return nil, err
		}
		part.add(taken, one)
	}
	part.addExpiries(operations, allowed)
	part.closeAtTheEnd()
	return part, nil
}

// Seats, legs and locks that a history speaks of.
func (part *journey) measure(one operation) {
	for _, seat := range one.Seats {
		if !slices.Contains(part.seats, seat) {
			part.seats = append(part.seats, seat)
		}
	}
	part.legs = max(part.legs, one.ToSeq)
	if one.Kind == "acquire" && one.Outcome == "ok" {
		part.locks[one.Lock] = len(part.locks)
	}
}

func (part *journey) resolve(number int, one operation, bookings map[string]byte) (step, error) {
	taken := step{
		number: number, kind: one.Kind, answered: one.Outcome != "", outcome: one.Outcome,
		fromSeq: one.FromSeq, toSeq: one.ToSeq, taken: one.Taken, end: -int64(number),
		text: describe(one),
	}
	if one.End != nil {
		taken.end = *one.End
	}
	if one.Booking != "" {
		if _, known := bookings[one.Booking]; !known {
			bookings[one.Booking] = byte(len(bookings)%255) + 1
		}
		taken.booking = bookings[one.Booking]
	}
	refused := one.Outcome == "seat_unavailable"
	if one.Kind != "look" && !refused {
		lock, known := part.locks[one.Lock]
		if !known {
			return taken, fmt.Errorf("%s of lock %q, which nobody acquired", one.Kind, one.Lock)
		}
		taken.lock = lock
	}
	wanted := one.Seats
	if refused {
		wanted = []string{one.FailedSeat}
		part.refusalsHeld++
	}
	for _, seat := range wanted {
		for leg := one.FromSeq; leg < one.ToSeq; leg++ {
			taken.places = append(taken.places, part.place(seat, leg))
		}
	}
	return taken, nil
}

func (part *journey) place(seat string, leg int) int {
	return slices.Index(part.seats, seat)*part.legs + leg
}

func (part *journey) add(taken step, one operation) {
	part.operations = append(part.operations, porcupine.Operation{
		ClientId: one.Client, Input: taken, Call: one.Call, Return: returnOf(one),
	})
}

// Time is a client too: each end that a hold was ever given comes once, and does nothing where the hold has gone on. An end
// that no answer told comes at some time after the earliest that it can be.
func (part *journey) addExpiries(operations []operation, allowed tolerance) {
	type ending struct {
		lock string
		end  int64
	}
	seen := map[ending]bool{}
	for number, one := range operations {
		lock, known := part.locks[one.Lock]
		if !known || one.Kind == "look" {
			continue
		}
		expiry := step{number: -number - 1, kind: "expire", answered: true, lock: lock}
		if one.End != nil {
			if seen[ending{one.Lock, *one.End}] {
				continue
			}
			seen[ending{one.Lock, *one.End}] = true
			expiry.end = *one.End
			expiry.text = fmt.Sprintf("end of %s", one.Lock)
			part.operations = append(part.operations, porcupine.Operation{
				ClientId: clock, Input: expiry, Call: *one.End - allowed.early, Return: *one.End + allowed.late,
			})
			continue
		}
		if one.Return == nil && one.TTL > 0 {
			expiry.end = -int64(number + 1)
			expiry.text = fmt.Sprintf("untold end of %s", one.Lock)
			part.operations = append(part.operations, porcupine.Operation{
				ClientId: clock, Input: expiry, Call: one.Call + one.TTL - allowed.early, Return: never,
			})
		}
	}
}

// The row of the clock in pictures, above any client's number.
const clock = 99

// Whatever is open at the end of the history may come after everything else, which is to say never.
func (part *journey) closeAtTheEnd() {
	last := int64(0)
	for _, one := range part.operations {
		last = max(last, one.Call)
		if one.Return != never {
			last = max(last, one.Return)
		}
	}
	for index := range part.operations {
		if part.operations[index].Return == never {
			part.operations[index].Return = last + 1
		}
	}
}

func describe(one operation) string {
	answer := one.Outcome
	if one.Return == nil {
		answer = "no answer"
	}
	switch one.Kind {
	case "acquire":
		text := fmt.Sprintf("acquire %v legs %d-%d → %s", one.Seats, one.FromSeq, one.ToSeq-1, answer)
		if one.FailedSeat != "" {
			return text + " " + one.FailedSeat
		}
		return text + " " + one.Lock
	case "look":
		return fmt.Sprintf("look legs %d-%d → %v", one.FromSeq, one.ToSeq-1, one.Taken)
	default:
		return fmt.Sprintf("%s %s %s → %s", one.Kind, one.Lock, one.Booking, answer)
	}
}
