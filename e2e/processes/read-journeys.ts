import { journeyPageSchema } from "@jatra/contracts/http/schedule.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";

/** A journey with its seats is some 10 kB, a page well below what the service takes a second for. */
const PAGE_ROWS = 50;

/** Every journey that schedule-service has published and that has not ended, in its own order. */
export const readJourneys = async (
  scheduleUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<Journey[]> => {
  const journeys: Journey[] = [];
  for (let after: string | null = ""; after !== null;) {
    const url: URL = new URL(`/internal/journeys?limit=${PAGE_ROWS}`, scheduleUrl);
    if (after !== "") url.searchParams.set("after", after);
    const answer = await fetch(url, { headers });
    const page = journeyPageSchema.parse(await answer.json());
    journeys.push(...page.journeys);
    after = page.nextCursor;
  }
  return journeys;
};
