import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the range from which the kernel gives outgoing connections their ports (32,768 upwards on Linux): there, one of hundreds of
 * connections could take a port between its choice and its use. Above the well-known ones, and below kind's 30,000.
 */
const FIRST = 20_000;
const COUNT = 9_000;
/** Test processes beside each other begin at different places. */
let next = (process.pid * 97) % COUNT;

/** A port of 127.0.0.1 that nobody listens at and that this process hasn't given out before. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free between ${FIRST} and ${FIRST + COUNT}`);
};

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
};
