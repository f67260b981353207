import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { SignJWT } from "jose";
import type { Ticket } from "@jatra/contracts/http/ticket.ts";
import { createTicketSigner } from "../../src/domain/ticket-signer.ts";
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

  it("needs an Ed25519 key", async () => {
    await assert.rejects(createTicketSigner(Buffer.from("nonsense").toString("base64")));
  });
});
