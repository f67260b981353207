import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { Ticket } from "@jatra/contracts/http/ticket.ts";
import type { KeySet } from "@jatra/contracts/key-set.ts";
import { CompactSign, compactVerify, exportJWK } from "jose";
import { z } from "zod";
import { ticketKeyOf } from "./ticket-key.ts";

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
  /** What a QR code says, if we signed it, with this key or an earlier one. */
  readonly verify: (qr: string) => Promise<TicketPayload | undefined>;
  /** Every key that is believed, the one that signs first. */
  readonly jwks: KeySet;
};

/**
 * Signs with an Ed25519 key, base64 of its PKCS#8 DER. `furtherKeys` are public ones (`x` of a JWK) whose tickets are good as well:
 * those before, so that a new key doesn't make paper worthless, and the next, while not every pod has it.
 */
export const createTicketSigner = async (
  signingKeyBase64: string,
  furtherKeys: readonly string[] = [],
): Promise<TicketSigner> => {
  const privateKey = createPrivateKey({
    key: Buffer.from(signingKeyBase64, "base64"),
    format: "der",
    type: "pkcs8",
  });
  const { x } = await exportJWK(createPublicKey(privateKey));
  if (privateKey.asymmetricKeyType !== "ed25519" || x === undefined) {
    throw new Error("the ticket signing key is not an Ed25519 key");
  }
  const own = await ticketKeyOf(x);
  const others = await Promise.all(furtherKeys.map(ticketKeyOf));
  const known = new Map([own, ...others].map((key) => [key.jwk.kid, key]));
  const publicKeyOf = ({ kid = "" }: { readonly kid?: string }): KeyObject => {
    const key = known.get(kid);
    if (!key) throw new Error("signed with a key that we don't know");
    return key.publicKey;
  };
  return {
    sign: async (ticket) =>
      new CompactSign(Buffer.from(JSON.stringify(payloadOf(ticket))))
        .setProtectedHeader({ alg: "EdDSA", kid: own.jwk.kid, typ: TYPE })
        .sign(privateKey),
    verify: async (qr) => {
      try {
        const options = { algorithms: ["EdDSA"] };
        const { payload, protectedHeader } = await compactVerify(qr.trim(), publicKeyOf, options);
        if (protectedHeader.typ !== TYPE) return undefined;
        return payloadSchema.safeParse(JSON.parse(Buffer.from(payload).toString())).data;
      } catch {
        // Forged, of another key, not a JWS: all the same at a gate.
        return undefined;
      }
    },
    jwks: { keys: [...known.values()].map(({ jwk }) => jwk) },
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
