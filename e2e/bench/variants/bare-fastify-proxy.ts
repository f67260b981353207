import proxy from "@fastify/http-proxy";
import fastify from "fastify";

/** @fastify/http-proxy and nothing else, over a pool of undici's as large as the gateway's. */
const app = fastify({ keepAliveTimeout: 65_000 });
await app.register(proxy, {
  upstream: process.env["UPSTREAM_URL"] ?? "",
  undici: { connections: 128, pipelining: 1 },
});
await app.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1" });
process.once("SIGTERM", () => process.exit(0));
