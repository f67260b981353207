import { quoteSeats } from "@jatra/contracts/http/schedule.ts";
import { quoteSchema } from "@jatra/contracts/quote.ts";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import type { Schedule } from "../domain/neighbours.ts";
import { refusalOf } from "./refusal.ts";

export const createSchedule = (client: InternalClient): Schedule => ({
  quote: async (body, requestId) => {
    const answer = await client.call({
      method: "POST",
      path: quoteSeats.path,
      body,
      requestId,
      response: quoteSchema,
    });
    if (!answer.ok) throw refusalOf(answer, quoteSeats);
    return answer.body;
  },
});
