package main

import "math"

// tolerance says how far from the moment that an answer named a hold may be seen to end, in microseconds.
type tolerance struct {
	early int64
	late  int64
}

const (
	// The ends in answers are cut to milliseconds, and two clocks of one machine are read one after the other.
	earlyMicros = 5_000
	// A hold's end is seen by whoever comes next, a sweeper or a buyer. Well within the 10 s of I4.
	lateMicros = 2_000_000
)

// On a machine so busy that a single call takes longer than that, whoever is to see an end may take as long.
func toleranceOf(recorded history) tolerance {
	allowed := tolerance{early: earlyMicros + recorded.ClockError, late: lateMicros}
	for _, one := range recorded.Operations {
		if one.Return != nil {
			allowed.late = max(allowed.late, *one.Return-one.Call)
		}
	}
	return allowed
}

const never = math.MaxInt64

func returnOf(one operation) int64 {
	if one.Return == nil {
		return never
	}
	return *one.Return
}

// excused says of each refused acquire whether it may be spurious. Redis turns people away before the database is asked, so
// somebody who will be refused too, or who is about to succeed, may stand in the way for a moment: a concurrent attempt at the
// same seat and leg. And a hold that ends just then may be met by a reader before and by a writer after its end: by its time, or
// by a release or a booking's end, which reach the database first and Redis before they answer.
func excused(operations []operation, allowed tolerance) map[int]bool {
	ends := lastEnds(operations)
	endings := endingCalls(operations)
	found := map[int]bool{}
	for index, refused := range operations {
		if refused.Kind != "acquire" || refused.Outcome != "seat_unavailable" {
			continue
		}
		for other, one := range operations {
			if one.Kind != "acquire" || other == index || !meets(refused, one) {
				continue
			}
			concurrent := overlap(one, refused)
			for _, call := range endings[one.Lock] {
				concurrent = concurrent || overlap(call, refused)
			}
			end, ended := ends[one.Lock]
			ending := ended && end-allowed.early <= returnOf(refused) && refused.Call <= end+allowed.late
			if concurrent || ending {
				found[index] = true
				break
			}
		}
	}
	return found
}

func overlap(one, other operation) bool {
	return one.Call <= returnOf(other) && returnOf(one) >= other.Call
}

// The calls that ended a lock, or tried to.
func endingCalls(operations []operation) map[string][]operation {
	calls := map[string][]operation{}
	for _, one := range operations {
		if one.Kind == "release" || one.Kind == "free" {
			calls[one.Lock] = append(calls[one.Lock], one)
		}
	}
	return calls
}

// Whether an attempt wanted the seat that another one was refused, on a leg of its stretch.
func meets(refused, other operation) bool {
	if other.FromSeq >= refused.ToSeq || refused.FromSeq >= other.ToSeq {
		return false
	}
	for _, seat := range other.Seats {
		if seat == refused.FailedSeat {
			return true
		}
	}
	return false
}

// The latest end that anybody was told of each lock.
func lastEnds(operations []operation) map[string]int64 {
	ends := map[string]int64{}
	for _, one := range operations {
		if one.End != nil && *one.End > ends[one.Lock] {
			ends[one.Lock] = *one.End
		}
	}
	return ends
}
