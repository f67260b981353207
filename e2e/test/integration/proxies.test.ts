import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { eventually } from "@jatra/testing/eventually.ts";
import { startTestProxy } from "@jatra/testing/test-proxy.ts";
import { startCuttingProxy } from "../../chaos/retries/cutting-proxy.ts";

describe("the proxies that faults are made with", () => {
  let server: Server;
  let url: string;
  before(async () => {
    server = createServer((request, response) => void request.pipe(response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });

  it("carry everything late, whole and in order", async () => {
    const proxy = await startTestProxy(url);
    try {
      proxy.setLatency(40);
      const body = randomBytes(300_000);
      const startedMs = performance.now();
      const answer = await fetch(proxy.url, { method: "POST", body });
      const echoed = Buffer.from(await answer.arrayBuffer());
      assert.ok(performance.now() - startedMs >= 79, "there and back in less than two ways");
      assert.ok(echoed.equals(body), "what came back is something else");
    } finally {
      await proxy.close();
    }
  });

  it("break every connection sooner or later, also after an answer got through", async () => {
    const proxy = await startCuttingProxy(url);
    try {
      let answered = 0;
      let broken = 0;
      await eventually(async () => {
        const body = "x".repeat(400);
        const came = await fetch(proxy.url, { method: "POST", body }).then(
          async (answer) => (await answer.text()) === body,
          () => undefined,
        );
        if (came === undefined) broken += 1;
        else assert.ok(came, "a broken answer passed for a whole one");
        if (came === true) answered += 1;
        return answered >= 5 && broken >= 5;
      }, 20_000);
      assert.ok(proxy.cuts() >= broken);
    } finally {
      await proxy.close();
    }
  });
});
