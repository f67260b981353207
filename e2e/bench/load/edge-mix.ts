import { Agent, request } from "undici";
import { createHttpClient } from "./http-client.ts";

/** What clients of all kinds do to a gateway: `visit` is one request, the kind going by its index. */
export type EdgeMix = {
  readonly visit: (index: number) => Promise<void>;
  /** How many ended with which status; `left` are those whose client went away. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
};

const CONNECTIONS = 64;
/** Of large bodies and of clients that leave, five in a hundred requests: what a busy machine lets pile up waits for one of these. */
const OTHER_CONNECTIONS = 32;
/** Above what the gateway gathers, so it is streamed. */
const LARGE_BYTES = 100_000;
/** A client that leaves does so while the service is still at it. */
const LEAVES_AFTER_MS = 50;

const READ = "/api/search/stations?q=dhaka";
const WRITE = "/api/bookings";
const FAILING = "/api/stations";
const SLOW = "/api/tickets";
const TRICK = "/api/trains/%2e%2e/bookings";

/**
 * Of a hundred requests 80 read, 10 send a small body and 4 a large one, 2 have a bad token, one each asks for an unknown path, plays a path
 * trick, meets a failing service (or its open circuit) and leaves before it is answered.
 */
export const createEdgeMix = (url: string, tokens: readonly string[]): EdgeMix => {
  const client = createHttpClient(url, CONNECTIONS);
  const agent = new Agent({ connections: OTHER_CONNECTIONS });
  const outcomes = new Map<string, number>();
  const count = (outcome: string): void => {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  };
  const large = Buffer.alloc(LARGE_BYTES, "x");
  const tokenOf = (index: number): string => tokens[index % tokens.length] ?? "";
  const send = async (...[method, path, options]: Parameters<typeof client.send>): Promise<void> =>
    count(String((await client.send(method, path, options)).status));
  const sendLarge = async (token: string): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    const options = { dispatcher: agent, method: "POST", body: large, headers } as const;
    const { statusCode, body } = await request(`${url}${WRITE}`, options);
    await body.dump();
    count(String(statusCode));
  };
  const leave = async (token: string): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(LEAVES_AFTER_MS);
    await request(`${url}${SLOW}`, { dispatcher: agent, headers, signal }).catch(() => undefined);
    count("left");
  };
  return {
    visit: (index) => {
      const kind = index % 100;
      const token = tokenOf(index);
      if (kind < 80) return send("GET", READ, { token });
      if (kind < 90) return send("POST", WRITE, { token, body: { lockId: `lock-${index}` } });
      if (kind < 94) return sendLarge(token);
      if (kind < 96) return send("GET", READ, { token: `${token}x` });
      if (kind === 96) return send("GET", "/api/nothing/here", { token });
      if (kind === 97) return send("GET", TRICK, { token });
      if (kind === 98) return send("GET", FAILING, { token });
      return leave(token);
    },
    outcomes,
    close: async () => {
      await client.close();
      await agent.destroy();
    },
  };
};
