import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import type { Overview } from "@jatra/contracts/http/admin.ts";
import { z } from "zod";

/** Ten thousand of a kind: far above any railway, so a walk that doesn't end is found out. */
const PAGES_MAX = 100;

/** How many stations, routes and trains schedule-service lists; null while it doesn't answer. */
export const countTimetable = async (schedule: InternalClient): Promise<Overview["timetable"]> => {
  try {
    const [stations, routes, trains] = await Promise.all([
      countList(schedule, "stations"),
      countList(schedule, "routes"),
      countList(schedule, "trains"),
    ]);
    return { stations, routes, trains };
  } catch {
    // The overview's list of services says what is wrong there.
    return null;
  }
};

const countList = async (schedule: InternalClient, name: string): Promise<number> => {
  const pageSchema = z.object({ nextCursor: z.string().nullable(), [name]: z.array(z.unknown()) });
  let count = 0;
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const path = `/api/${name}?limit=100${cursor}`;
    const answer = await schedule.call({ method: "GET", path, response: pageSchema });
    if (!answer.ok) throw new Error(`schedule-service refused ${name}: ${answer.code}`);
    count += z.array(z.unknown()).parse(answer.body[name]).length;
    const next = z.string().nullable().parse(answer.body.nextCursor);
    if (next === null) return count;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  throw new Error(`schedule-service's list of ${name} did not end`);
};
