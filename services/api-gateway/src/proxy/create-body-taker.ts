import { Problem } from "@jatra/common/http/problem.ts";
import type { Visit } from "../edge/visit.ts";
import { BodyIncompleteError } from "./body-incomplete-error.ts";
import type { RequestBody } from "./request-body.ts";
import { gatheredBytesMax, takeBody } from "./take-body.ts";
import type { Upstream } from "./upstreams.ts";

export type BodyLimits = {
  /** Of all bodies that are being taken in. */
  readonly gatheringBytes: number;
  /** Bodies on their way to one service as their clients send them. */
  readonly streams: number;
};

/**
 * 64 MiB: a thousand of the largest bodies that are taken in whole, hundreds of thousands of the usual ones. Without a limit 15,000 clients
 * that stop before the last byte would lay down 64 KiB each, twice a pod's memory. And a quarter of the connections to a service: on
 * those a body comes as slowly as its client likes, and the other requests need some, too. No request of our API is so large.
 */
const bodyLimits: BodyLimits = { gatheringBytes: 64 * 1024 * 1024, streams: 32 };

export type BodyTaker = (visit: Visit, upstream: Upstream) => Promise<RequestBody>;

/** Takes request bodies while there is room. Throws `dependency_unavailable` (overload), and what `takeBody` throws. */
export const createBodyTaker = ({ gatheringBytes, streams } = bodyLimits): BodyTaker => {
  let gathering = 0;
  const streaming = new Map<Upstream, number>();
  const gather = async (visit: Visit): Promise<RequestBody> => {
    const bytes = gatheredBytesMax(visit.request);
    if (gathering + bytes > gatheringBytes) throw noRoom(visit);
    gathering += bytes;
    try {
      return await takeBody(visit.request);
    } finally {
      gathering -= bytes;
    }
  };
  const stream = (visit: Visit, upstream: Upstream): void => {
    // All of it has come meanwhile.
    if (visit.request.destroyed) return;
    const others = streaming.get(upstream) ?? 0;
    if (others >= streams) throw noRoom(visit);
    streaming.set(upstream, others + 1);
    // At its end, and when its client leaves.
    visit.request.once("close", () => streaming.set(upstream, (streaming.get(upstream) ?? 1) - 1));
  };
  return async (visit, upstream) => {
    refuseIfGone(visit);
    const body = await gather(visit);
    if (body.kind !== "streamed") return body;
    refuseIfGone(visit);
    stream(visit, upstream);
    return body;
  };
};

/** Left while its token was looked at, say: nothing would tell us any more. */
const refuseIfGone = ({ request }: Visit): void => {
  if (request.destroyed && !request.complete) throw new BodyIncompleteError();
};

const noRoom = (visit: Visit): Problem => {
  visit.isTurnedAway = true;
  return new Problem("dependency_unavailable", {
    detail: "Too many bodies are on their way just now.",
    headers: { "Retry-After": "1" },
  });
};
