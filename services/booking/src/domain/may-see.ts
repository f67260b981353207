import type { Identity } from "@jatra/contracts/identity.ts";
import type { BookingRecord } from "./booking-record.ts";

/** Its owner and admins; to everybody else a booking doesn't exist. */
export const maySee = (
  booking: Pick<BookingRecord, "userId">,
  identity: Pick<Identity, "userId" | "role">,
): boolean => identity.role === "admin" || booking.userId === identity.userId;
