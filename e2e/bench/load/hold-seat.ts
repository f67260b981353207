import { wishOf, type Offer } from "../platform/seat-supply.ts";
import { expectStatus, type HttpClient } from "./http-client.ts";

/** Holds one seat for one leg; answers the lock's id. Throws where it isn't answered 201. */
export const holdSeat = async (
  client: HttpClient,
  offer: Offer,
  buyer: { readonly token: string } | undefined,
): Promise<string> => {
  const options = { body: wishOf(offer), ...(buyer && { token: buyer.token }) };
  const answer = await client.send("POST", "/api/seats/locks/acquire", options);
  return String(expectStatus(answer, 201, "hold").json()["lockId"]);
};
