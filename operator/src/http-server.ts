import { createServer, type Server } from "node:http";
import type { Registry } from "prom-client";

interface Checks {
  readonly isReady: () => boolean;
  readonly isHealthy: () => boolean;
  readonly registry: Registry;
}

/** `/healthz`, `/readyz` and `/metrics`; everything else is 404. */
export function createHttpServer({ isReady, isHealthy, registry }: Checks): Server {
  return createServer((request, response) => {
    const answer = (isGood: boolean) => {
      response.writeHead(isGood ? 200 : 503, { "content-type": "text/plain" });
      response.end(isGood ? "ok\n" : "not ok\n");
    };
    switch (request.url ?? "/") {
      case "/healthz":
        return answer(isHealthy());
      case "/readyz":
        return answer(isReady());
      case "/metrics":
        void registry.metrics().then((text) => {
          response.writeHead(200, { "content-type": registry.contentType });
          response.end(text);
        });
        return;
      default:
        response.writeHead(404).end();
    }
  });
}
