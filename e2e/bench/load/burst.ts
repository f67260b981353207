import { createHttpClient, type Answer, type HttpClient } from "./http-client.ts";

/** `ms`: since the moment at which everybody asked. */
export type TimedAnswer = Answer & { readonly ms: number };

export type Crowd = {
  /** All at once, each on a connection of their own, which is open already. */
  readonly burst: (
    ask: (client: HttpClient, index: number) => Promise<Answer>,
  ) => Promise<readonly TimedAnswer[]>;
  readonly close: () => Promise<void>;
};

/** `count` clients with one open connection each, as so many browsers are. */
export const gatherCrowd = async (baseUrl: string, count: number): Promise<Crowd> => {
  const clients = Array.from({ length: count }, () => createHttpClient(baseUrl, 1));
  await Promise.all(clients.map((client) => client.send("GET", "/health/live")));
  return {
    burst: async (ask) => {
      const startedMs = performance.now();
      return Promise.all(
        clients.map(async (client, index) => {
          const answer = await ask(client, index);
          return { ...answer, ms: performance.now() - startedMs };
        }),
      );
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
};
