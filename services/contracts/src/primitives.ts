import { z } from "zod";

/** Identifiers that we make: UUIDs. */
export const idSchema = z.uuid();
/** Journeys and seats have readable names (`test-journey`, `seat-1`), so they are not UUIDs. */
export const journeyIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
export const seatIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/);
export const stationCodeSchema = z.string().regex(/^[A-Z]{2,5}$/);
export const timestampSchema = z.iso.datetime({ offset: false }).describe("ISO 8601, UTC");
export const dateSchema = z.iso.date();
/** A stop of somebody's stretch: where, and when the train is there. */
export const stopSchema = z.object({
  code: stationCodeSchema,
  name: z.string(),
  at: timestampSchema,
});
/** A train as people know it. */
export const trainLabelSchema = z.object({ number: z.string(), name: z.string() });
/** Opaque to clients. */
export const cursorSchema = z.string().max(512);
/** Lists are paged; 100 rows is about what a screen or a loop step can use. */
export const pageQuery = {
  cursor: cursorSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
};
export const classSchema = z.enum(["AC_BERTH", "AC_SEAT", "SNIGDHA", "SHOVAN_CHAIR", "SHOVAN"]);
export type TravelClass = z.infer<typeof classSchema>;
