import type { Buyer } from "../platform/access-tokens.ts";
import type { Offer } from "../platform/seat-supply.ts";
import { expectStatus, type HttpClient } from "./http-client.ts";

/** Holds one seat for one leg; throws where it isn't answered 201. */
export const holdSeat = async (
  client: HttpClient,
  { journeyId, seatId, from, to }: Offer,
  buyer: Buyer | undefined,
): Promise<void> => {
  const body = { journeyId, seatIds: [seatId], from, to };
  const options = { body, ...(buyer === undefined ? {} : { token: buyer.token }) };
  expectStatus(await client.send("POST", "/api/seats/locks/acquire", options), 201, "hold");
};
