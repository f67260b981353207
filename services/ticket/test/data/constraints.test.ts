import { numberedUuid as id, refuseViolations } from "@jatra/testing/constraints.ts";

const booking = (bookingId: number): string =>
  `INSERT INTO ticket_bookings (booking_id, booking_version, void) VALUES (${id(bookingId)}, 2, false)`;

const ticket = (ticketId: number, bookingId: number, index: number, serial = "DEFAULT"): string =>
  `INSERT INTO tickets (ticket_id, serial, booking_id, passenger_index, user_id, passenger, journey_id, train, from_stop,
     to_stop, coach, seat_id, class, fare_amount, currency)
   OVERRIDING SYSTEM VALUE
   VALUES (${id(ticketId)}, ${serial}, ${id(bookingId)}, ${index}, 'user-1', 'Name', 'journey-1', '{}', '{}', '{}', 'KA', 'KA-1',
     'SNIGDHA', 100, 'BDT')`;

describe("the constraints of ticket_db", () => {
  refuseViolations(new URL("../../migrations", import.meta.url), [
    {
      rule: "one ticket a passenger of a booking",
      allowed: [booking(1), ticket(1, 1, 0)],
      refused: ticket(2, 1, 0),
      code: "23505",
    },
    {
      rule: "one ticket a number",
      allowed: [booking(3), ticket(3, 3, 0, "1000")],
      refused: ticket(4, 3, 1, "1000"),
      code: "23505",
    },
  ]);
});
