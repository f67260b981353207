import { createServer } from "node:http";

/** A service that answers half a kilobyte of JSON, as a short list is. Runs as a process of its own, `PORT` by environment. */
const body = Buffer.from(JSON.stringify({ text: "x".repeat(500) }));
const headers = { "Content-Type": "application/json", "Content-Length": body.length };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers);
  response.end(body);
});
server.keepAliveTimeout = 65_000; // as long as a service's
server.listen(Number(process.env["PORT"]), "127.0.0.1");
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
