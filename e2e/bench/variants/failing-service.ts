import { createServer } from "node:http";

/** A service whose database hangs: every request ends as a 500 after a second. `PORT` by environment. */
const FAILS_AFTER_MS = 1_000;
const server = createServer((request, response) => {
  request.resume();
  if (request.url === "/health/ready") {
    response.end('{"status":"ok"}');
    return;
  }
  setTimeout(() => {
    response.statusCode = 500;
    response.end('{"error":"the database does not answer"}');
  }, FAILS_AFTER_MS);
});
server.keepAliveTimeout = 65_000; // as long as a service's
server.listen(Number(process.env["PORT"]), "127.0.0.1");
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
