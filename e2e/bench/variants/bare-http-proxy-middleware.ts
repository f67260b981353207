import { Agent, createServer } from "node:http";
import { createProxyMiddleware } from "http-proxy-middleware";

/** http-proxy-middleware and nothing else, with keep-alive to the service (without, it is slower by far). */
const proxy = createProxyMiddleware({
  target: process.env["UPSTREAM_URL"] ?? "",
  agent: new Agent({ keepAlive: true, maxSockets: 128 }),
});
const server = createServer((request, response) => void proxy(request, response));
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env["PORT"]), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
