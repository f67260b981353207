import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { parseJson } from "@jatra/common/http/parse-request.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import {
  simulatorWebhookSchema,
  type ProviderCharge,
} from "@jatra/contracts/http/payment-simulator.ts";

/**
 * Checks `X-Signature: sha256=<hex HMAC-SHA256 of the body's bytes>`, then reads the body. `undefined` for any other
 * signature; throws `validation_failed` for a signed body of another form.
 */
export const readSimulatorWebhook = (
  secret: string,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): readonly ProviderCharge[] | undefined => {
  if (!isSigned(secret, headers["x-signature"], rawBody)) return undefined;
  const parsed = simulatorWebhookSchema.safeParse(parseJson(rawBody));
  if (!parsed.success) throw new Problem("validation_failed", { cause: parsed.error });
  return parsed.data.charges;
};

const isSigned = (
  secret: string,
  signature: string | string[] | undefined,
  rawBody: Buffer,
): boolean => {
  if (typeof signature !== "string") return false;
  const expected = Buffer.from(
    `sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}`,
  );
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
};
