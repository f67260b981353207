import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { SignJWT } from "jose";
import type { Ticket } from "@jatra/contracts/http/ticket.ts";
import { createTicketSigner, type TicketSigner } from "../../src/domain/ticket-signer.ts";
import { createSigningKey } from "../fixtures/ticket-platform.ts";

const ticket: Ticket = {
  ticketId: "0199a2b8-1111-7000-8000-000000000001",
  number: "JT-261201-0000042-7",
  bookingId: "0199a2b8-1111-7000-8000-000000000002",
  status: "VALID",
  passenger: "আনোয়ারা Begum",
  journeyId: "701-2026-12-01",
  train: { number: "701", name: "Subarna Express" },
  from: { code: "DHK", name: "Dhaka", at: "2026-12-01T00:30:00Z" },
  to: { code: "CTG", name: "Chattogram", at: "2026-12-01T05:50:00Z" },
  coach: "KA",
  seatId: "KA-1",
  class: "SNIGDHA",
  fare: { amount: 85_500, currency: "BDT" },
  issuedAt: "2026-11-22T12:00:00.000Z",
  usedAt: null,
};
const payload = {
  sub: ticket.ticketId,
  number: ticket.number,
  passenger: ticket.passenger,
  journey: ticket.journeyId,
  train: "701",
  from: "DHK",
  to: "CTG",
  at: ticket.from.at,
  coach: "KA",
  seat: "KA-1",
};

const xOf = ({ jwks }: TicketSigner): string => String(jwks.keys[0]?.x);

describe("a ticket's QR code", () => {
  it("says the same each time, and what it says is checked", async () => {
    const signer = await createTicketSigner(createSigningKey());
    const qr = await signer.sign(ticket);
    assert.equal(await signer.sign(ticket), qr);
    assert.deepEqual(await signer.verify(qr), payload);
    assert.ok(qr.length < 700, `${qr.length} characters make too fine a picture`);
  });

  it("can be checked offline with the public key and nothing of ours", async () => {
    const signer = await createTicketSigner(createSigningKey());
    const [head = "", body = "", signature = ""] = (await signer.sign(ticket)).split(".");
    const key = createPublicKey({ key: { ...signer.jwks.keys[0] }, format: "jwk" });
    const signed = Buffer.from(`${head}.${body}`);
    assert.equal(verify(null, signed, key, Buffer.from(signature, "base64url")), true);
    assert.deepEqual(JSON.parse(Buffer.from(body, "base64url").toString()), payload);
  });

  it("is nobody else's to make", async () => {
    const signingKey = createSigningKey();
    const signer = await createTicketSigner(signingKey);
    const other = await createTicketSigner(createSigningKey());
    const qr = await signer.sign(ticket);
    const [head = "", body = "", signature = ""] = qr.split(".");
    const changed = Buffer.from(JSON.stringify({ ...payload, seat: "KA-2" })).toString("base64url");
    const unsigned = Buffer.from('{"alg":"none","typ":"jatra-ticket"}').toString("base64url");
    const secret = Buffer.from(String(signer.jwks.keys[0]?.x));
    const confused = await new SignJWT(payload)
      .setProtectedHeader({ alg: "HS256", typ: "jatra-ticket" })
      .sign(secret);
    const forgeries = [
      await other.sign(ticket),
      `${head}.${changed}.${signature}`,
      `${unsigned}.${body}.`,
      confused,
      "not a token",
      "",
    ];
    for (const forgery of forgeries) assert.equal(await signer.verify(forgery), undefined);
  });

  it("outlives the key that signed it, where that is still believed", async () => {
    const before = await createTicketSigner(createSigningKey());
    const paper = await before.sign(ticket);
    const signingKey = createSigningKey();
    const forgetful = await createTicketSigner(signingKey);
    assert.equal(await forgetful.verify(paper), undefined);

    const after = await createTicketSigner(signingKey, [xOf(before)]);
    assert.deepEqual(await after.verify(paper), payload);
    const fresh = await after.sign(ticket);
    assert.deepEqual(await forgetful.verify(fresh), payload);
    assert.equal(await before.verify(fresh), undefined);
    assert.deepEqual(after.jwks.keys, [...forgetful.jwks.keys, ...before.jwks.keys]);
  });

  it("is no other key's because it says so", async () => {
    const before = await createTicketSigner(createSigningKey());
    const after = await createTicketSigner(createSigningKey(), [xOf(before)]);
    const [head = ""] = (await before.sign(ticket)).split(".");
    const [, ...rest] = (await after.sign(ticket)).split(".");
    assert.equal(await after.verify([head, ...rest].join(".")), undefined);
  });

  it("needs Ed25519 keys", async () => {
    await assert.rejects(createTicketSigner(Buffer.from("nonsense").toString("base64")));
    await assert.rejects(createTicketSigner(createSigningKey(), ["nonsense"]));
  });
});
