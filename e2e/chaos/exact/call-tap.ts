import type { ConnectionTap } from "@jatra/testing/test-proxy.ts";
import type { ServiceName } from "../platform/service-table.ts";
import type { Trap } from "./trap.ts";

const NOTHING = Buffer.alloc(0);
/** More than any first line of ours. */
const FIRST_LINE_MAX = 512;

/**
 * Holds a connection to a service just before a request leaves, or when its answer is there, at the proxy. Our clients send one request
 * at a time on a connection, so each begins with bytes of its own and the next bytes back are its answer.
 */
export const createCallTap = (trap: Trap, callee: ServiceName) => (): ConnectionTap => {
  let held: "client" | "server" | undefined;
  return {
    fromClient: (bytes) => {
      if (held === "client") return NOTHING;
      const point = trap.armed();
      if (!point || !("call" in point) || point.call.callee !== callee) return bytes;
      if (!point.call.request.test(bytes.toString("latin1", 0, FIRST_LINE_MAX))) return bytes;
      held = point.side === "before" ? "client" : "server";
      trap.take();
      if (held === "server") return bytes;
      trap.spring();
      return NOTHING;
    },
    fromServer: (bytes) => {
      if (held !== "server") return bytes;
      trap.spring();
      return NOTHING;
    },
  };
};
