import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import accepts from "accepts";

/** `format` outranks the header; without either, or with something else in it, JSON. */
export const chooseFormat = (
  asked: "json" | "csv" | undefined,
  headers: IncomingHttpHeaders,
): "json" | "csv" => {
  if (asked) return asked;
  // The library reads nothing of a request but its headers.
  const best = accepts({ headers } as IncomingMessage).type(["json", "csv"]);
  return best === "csv" ? "csv" : "json";
};
