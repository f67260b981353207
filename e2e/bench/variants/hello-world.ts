import { createServer } from "node:http";

/** The least that a service can do: reads the body, answers a word. Runs as a process of its own, `PORT` by environment. */
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.setHeader("Content-Type", "application/json");
    response.end('{"hello":"world"}');
  });
});
server.keepAliveTimeout = 65_000; // as long as a service's
server.listen(Number(process.env["PORT"]), "127.0.0.1");
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
