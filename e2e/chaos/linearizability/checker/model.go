package main

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/anishathalye/porcupine"
)

// The states of a lock, as the service has them. A lock that nobody acquired yet is none.
const (
	none byte = iota
	held
	paying
	sold
	released
	expired
)

var names = map[byte]string{held: "HELD", paying: "PAYING", sold: "SOLD", released: "RELEASED", expired: "EXPIRED"}

// A state is a string, so that Porcupine compares two of them in one go: two bytes a place (seat and leg) with the number of
// its lock plus one, then for each lock its state, its booking and its end.
const lockBytes = 10

type world struct {
	part  *journey
	bytes []byte
}

func (part *journey) model() porcupine.Model {
	size := 2*len(part.seats)*part.legs + lockBytes*len(part.locks)
	return porcupine.Model{
		Init: func() any { return string(make([]byte, size)) },
		Step: func(state, input, _ any) (bool, any) {
			now := world{part, []byte(state.(string))}
			if !now.apply(input.(step)) {
				return false, state
			}
			return true, string(now.bytes)
		},
		DescribeOperation: func(input, _ any) string { return input.(step).text },
		DescribeState:     func(state any) string { return world{part, []byte(state.(string))}.describe() },
	}
}

// apply takes a step of the sequential specification; false where it can't have had its answer here. An operation without an
// answer does what it can: one that did nothing may come last.
func (now world) apply(one step) bool {
	switch one.kind {
	case "acquire":
		return now.acquire(one)
	case "extend":
		return now.extend(one)
	case "release":
		return now.release(one)
	case "pay":
		return now.pay(one)
	case "sell":
		return now.move(one, now.inPayment(one), sold)
	case "free":
		return now.move(one, now.inPayment(one) || now.soldTo(one), released)
	case "read":
		return now.read(one)
	case "look":
		return now.look(one)
	case "expire":
		if now.status(one.lock) == held && now.end(one.lock) == one.end {
			now.finish(one.lock, expired)
		}
		return true
	}
	return false
}

// All places or none; a refusal names a seat that is taken.
func (now world) acquire(one step) bool {
	free := true
	for _, place := range one.places {
		free = free && now.owner(place) < 0
	}
	if one.outcome == "seat_unavailable" {
		return !free
	}
	if !free {
		return !one.answered
	}
	for _, place := range one.places {
		now.setOwner(place, one.lock)
	}
	now.setStatus(one.lock, held)
	now.setEnd(one.lock, one.end)
	return true
}

// Only a hold goes on, and never ends earlier than it did.
func (now world) extend(one step) bool {
	is := now.status(one.lock) == held
	if is && (!one.answered || one.outcome == "ok") {
		if one.answered && now.end(one.lock) > one.end {
			return false
		}
		now.setEnd(one.lock, one.end)
		return true
	}
	return now.refuses(one, is)
}

// A lock that has ended is released already; one in payment or sold is not the client's to release.
func (now world) release(one step) bool {
	is := now.status(one.lock)
	if is == held && (!one.answered || one.outcome == "ok") {
		now.finish(one.lock, released)
		return true
	}
	ended := is == released || is == expired
	if one.answered && one.outcome == "ok" {
		return ended
	}
	return !one.answered || (one.outcome == "lock_in_payment" && (is == paying || is == sold))
}

// A hold goes into payment for one booking; that booking's repeats answer the same.
func (now world) pay(one step) bool {
	is := now.status(one.lock)
	if is == held && (!one.answered || one.outcome == "ok") {
		now.setStatus(one.lock, paying)
		now.setBooking(one.lock, one.booking)
		return true
	}
	mine := (is == paying || is == sold) && now.booking(one.lock) == one.booking
	if one.answered && one.outcome == "ok" {
		return mine
	}
	return now.refuses(one, is == held || mine)
}

// What stands in the way of extend and pay: `can` where nothing does.
func (now world) refuses(one step, can bool) bool {
	if !one.answered {
		return true
	}
	is := now.status(one.lock)
	switch one.outcome {
	case "lock_expired":
		return is == released || is == expired
	case "lock_in_payment":
		return !can && (is == paying || is == sold)
	}
	return false
}

// The end of a payment: it changes something exactly where it may.
func (now world) move(one step, may bool, to byte) bool {
	if one.answered && may != (one.outcome == "changed") {
		return false
	}
	if may && to == released {
		now.finish(one.lock, to)
	} else if may {
		now.setStatus(one.lock, to)
	}
	return true
}

func (now world) inPayment(one step) bool {
	return now.status(one.lock) == paying && now.booking(one.lock) == one.booking
}

func (now world) soldTo(one step) bool {
	return now.status(one.lock) == sold && now.booking(one.lock) == one.booking
}

// A lock shows its state, and while it is held its end: from then on that end is known.
func (now world) read(one step) bool {
	if !one.answered {
		return true
	}
	is := now.status(one.lock)
	if names[is] != one.outcome {
		return false
	}
	if is == held && now.end(one.lock) > 0 {
		return now.end(one.lock) == one.end
	}
	if is == held {
		now.setEnd(one.lock, one.end)
	}
	return true
}

// All seats on a stretch at one moment: free, HELD or SOLD. One that is sold on any leg counts as sold.
func (now world) look(one step) bool {
	if !one.answered {
		return true
	}
	for _, seat := range now.part.seats {
		shown := ""
		for leg := one.fromSeq; leg < one.toSeq; leg++ {
			owner := now.owner(now.part.place(seat, leg))
			if owner >= 0 && now.status(owner) == sold {
				shown = "SOLD"
			} else if owner >= 0 && shown == "" {
				shown = "HELD"
			}
		}
		if one.taken[seat] != shown {
			return false
		}
	}
	return true
}

// finish lets all places of a lock go.
func (now world) finish(lock int, as byte) {
	now.setStatus(lock, as)
	for place := range len(now.part.seats) * now.part.legs {
		if now.owner(place) == lock {
			now.setOwner(place, -1)
		}
	}
}

func (now world) owner(place int) int {
	return int(binary.LittleEndian.Uint16(now.bytes[2*place:])) - 1
}

func (now world) setOwner(place, lock int) {
	binary.LittleEndian.PutUint16(now.bytes[2*place:], uint16(lock+1))
}

func (now world) at(lock int) []byte {
	start := 2*len(now.part.seats)*now.part.legs + lockBytes*lock
	return now.bytes[start : start+lockBytes]
}

func (now world) status(lock int) byte         { return now.at(lock)[0] }
func (now world) setStatus(lock int, as byte)  { now.at(lock)[0] = as }
func (now world) booking(lock int) byte        { return now.at(lock)[1] }
func (now world) setBooking(lock int, is byte) { now.at(lock)[1] = is }
func (now world) end(lock int) int64           { return int64(binary.LittleEndian.Uint64(now.at(lock)[2:])) }
func (now world) setEnd(lock int, micros int64) {
	binary.LittleEndian.PutUint64(now.at(lock)[2:], uint64(micros))
}

func (now world) describe() string {
	text := []string{}
	for _, seat := range now.part.seats {
		for leg := range now.part.legs {
			if owner := now.owner(now.part.place(seat, leg)); owner >= 0 {
				text = append(text, fmt.Sprintf("%s/%d lock %d %s", seat, leg, owner, names[now.status(owner)]))
			}
		}
	}
	return strings.Join(text, ", ")
}
