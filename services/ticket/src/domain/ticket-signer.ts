import { createPrivateKey, createPublicKey } from "node:crypto";
import type { Ticket } from "@jatra/contracts/http/ticket.ts";
import type { KeySet } from "@jatra/contracts/key-set.ts";
import { calculateJwkThumbprint, CompactSign, compactVerify, exportJWK } from "jose";
import { z } from "zod";

/** Says what was signed, so that no other token of the platform passes as a ticket. */
const TYPE = "jatra-ticket";

/** What the QR code says. Short names: each character makes the picture finer and harder to scan. */
const payloadSchema = z.object({
  /** Ticket id. */
  sub: z.uuid(),
  number: z.string(),
  passenger: z.string(),
  journey: z.string(),
  train: z.string(),
  from: z.string(),
  to: z.string(),
  /** Departure from `from`. */
  at: z.string(),
  coach: z.string(),
  seat: z.string(),
});
export type TicketPayload = z.infer<typeof payloadSchema>;

export type TicketSigner = {
  /** The text of the QR code. Ed25519 signs without chance: one ticket, one text, however often it is asked for. */
  readonly sign: (ticket: Ticket) => Promise<string>;
  /** What a QR code says, if we signed it. */
  readonly verify: (qr: string) => Promise<TicketPayload | undefined>;
  readonly jwks: KeySet;
};

/** Signs with an Ed25519 key, base64 of its PKCS#8 DER. */
export const createTicketSigner = async (signingKeyBase64: string): Promise<TicketSigner> => {
  const privateKey = createPrivateKey({
    key: Buffer.from(signingKeyBase64, "base64"),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(privateKey);
  const { x } = await exportJWK(publicKey);
  if (privateKey.asymmetricKeyType !== "ed25519" || x === undefined) {
    throw new Error("the ticket signing key is not an Ed25519 key");
  }
  const jwk = { kty: "OKP", crv: "Ed25519", x } as const;
  const kid = await calculateJwkThumbprint(jwk);
  return {
    sign: async (ticket) =>
      new CompactSign(Buffer.from(JSON.stringify(payloadOf(ticket))))
        .setProtectedHeader({ alg: "EdDSA", kid, typ: TYPE })
        .sign(privateKey),
    verify: async (qr) => {
      try {
        const options = { algorithms: ["EdDSA"] };
        const { payload, protectedHeader } = await compactVerify(qr.trim(), publicKey, options);
        if (protectedHeader.typ !== TYPE) return undefined;
        return payloadSchema.safeParse(JSON.parse(Buffer.from(payload).toString())).data;
      } catch {
        // Forged, of another key, not a JWS: all the same at a gate.
        return undefined;
      }
    },
    jwks: { keys: [{ ...jwk, kid, alg: "EdDSA", use: "sig" }] },
  };
};

const payloadOf = (ticket: Ticket): TicketPayload => ({
  sub: ticket.ticketId,
  number: ticket.number,
  passenger: ticket.passenger,
  journey: ticket.journeyId,
  train: ticket.train.number,
  from: ticket.from.code,
  to: ticket.to.code,
  at: ticket.from.at,
  coach: ticket.coach,
  seat: ticket.seatId,
});
