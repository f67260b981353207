import type { ConnectionTap } from "@jatra/testing/test-proxy.ts";
import type { ServiceName } from "../platform/service-table.ts";
import { splitPostgres } from "./split-frames.ts";
import type { Trap } from "./trap.ts";

const NOTHING = Buffer.alloc(0);

/** What a frame of the client means for the point that is waited for. */
type Sight = "begins" | "ends" | undefined;

/**
 * Holds a connection to PostgreSQL just before a statement (or the COMMIT of its transaction) leaves, or just after the server has
 * done it: the answer is there, at the proxy, and goes no further.
 */
export const createPostgresTap =
  (trap: Trap, ownerOf: (database: string) => ServiceName | undefined) => (): ConnectionTap => {
    const split = { client: splitPostgres("client"), server: splitPostgres("server") };
    const recognize = createRecognizer(trap, ownerOf);
    let held: "client" | "server" | undefined;
    /** Answers that the server still owes, its greeting included: one ReadyForQuery for each Sync and each simple query. */
    let owed = 1;
    const passClient = (frame: Buffer): Buffer => {
      if (held === "client") return NOTHING;
      const side = trap.armed()?.side;
      const sight = recognize(frame);
      if (sight === "begins" && side === "before") {
        held = "client";
        trap.take();
        trap.spring();
        return NOTHING;
      }
      if (isAsking(frame)) owed += 1;
      if (sight === "ends" && side === "after") {
        held = "server";
        trap.take();
      }
      return frame;
    };
    const passServer = (frame: Buffer): Buffer => {
      if (typeOf(frame) === "Z") owed -= 1;
      if (held !== "server") return frame;
      if (owed === 0) trap.spring();
      return NOTHING;
    };
    return {
      fromClient: (bytes) => Buffer.concat(split.client(bytes).map(passClient)),
      fromServer: (bytes) => Buffer.concat(split.server(bytes).map(passServer)),
    };
  };

/** Follows one connection: whose it is, what its transaction has done, and which statement is on its way. */
const createRecognizer = (trap: Trap, ownerOf: (database: string) => ServiceName | undefined) => {
  let owner: ServiceName | undefined;
  let isGreeting = true;
  let inTransaction: ReadonlySet<string> | undefined;
  let bound: string | undefined;
  return (frame: Buffer): Sight => {
    if (isGreeting) {
      isGreeting = false;
      owner = ownerOf(databaseOf(frame));
      return undefined;
    }
    const point = trap.armed();
    const wanted =
      point && "postgres" in point && point.victim === owner ? point.postgres : undefined;
    const type = typeOf(frame);
    if (type === "B") {
      bound = statementOf(frame);
      if (inTransaction) inTransaction = new Set([...inTransaction, bound]);
      return wanted?.commit !== true && wanted?.statement === bound ? "begins" : undefined;
    }
    if (type === "S") {
      const isIt = wanted?.commit !== true && wanted?.statement === bound;
      bound = undefined;
      return isIt ? "ends" : undefined;
    }
    if (type !== "Q") return undefined;
    const text = textOf(frame, 5);
    const done = inTransaction;
    inTransaction = text === "BEGIN" ? new Set() : undefined;
    const isIt = text === "COMMIT" && wanted?.commit === true && done?.has(wanted.statement);
    if (isIt !== true) return undefined;
    return point?.side === "before" ? "begins" : "ends";
  };
};

const typeOf = (frame: Buffer): string => frame.toString("latin1", 0, 1);

const isAsking = (frame: Buffer): boolean => typeOf(frame) === "S" || typeOf(frame) === "Q";

const textOf = (frame: Buffer, start: number): string =>
  frame.toString("utf8", start, frame.indexOf(0, start));

/** Bind: the portal's name, then the statement's. */
const statementOf = (frame: Buffer): string => textOf(frame, frame.indexOf(0, 5) + 1);

/** The greeting: length, version, then names and values in turn. */
const databaseOf = (frame: Buffer): string => {
  const parts = frame.toString("utf8", 8).split("\0");
  return parts[parts.indexOf("database") + 1] ?? "";
};
