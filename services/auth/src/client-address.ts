import { createPublicKey } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { clientAddressHeader, clientAddressToken } from "@jatra/contracts/identity.ts";
import { jwtVerify } from "jose";

export type ClientAddressReader = (headers: IncomingHttpHeaders) => Promise<string>;

/** Callers that don't come through the gateway share one place in the lock-out. */
const DIRECT = "direct";

/**
 * The client's address for the lock-out, from what the gateway signed. X-Forwarded-For is not believed: any pod could
 * write a new address into each try, or somebody else's to lock them out.
 */
export const createClientAddressReader = (publicKeyBase64: string): ClientAddressReader => {
  const key = createPublicKey({
    key: Buffer.from(publicKeyBase64, "base64"),
    format: "der",
    type: "spki",
  });
  return async (headers) => {
    const token = headers[clientAddressHeader];
    if (typeof token !== "string") return DIRECT;
    try {
      const { payload } = await jwtVerify(token, key, {
        ...clientAddressToken,
        algorithms: ["EdDSA"],
      });
      return payload.sub ?? DIRECT;
    } catch {
      return DIRECT;
    }
  };
};
