import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ticketSchema } from "@jatra/contracts/http/ticket.ts";
import type { TestAnswer } from "@jatra/testing/test-app.ts";
import { extractText } from "unpdf";
import { z } from "zod";
import { bookingEventOf } from "../fixtures/booking-event.ts";
import { createTicketPlatform, type TicketPlatform } from "../fixtures/ticket-platform.ts";

const anwar = { identity: { userId: "anwar" } };
const selina = { identity: { userId: "selina" } };
const staff = { identity: { userId: "gate-7", role: "staff" as const } };

const refusalOf = ({ status, body }: TestAnswer) => ({
  status,
  code: z.looseObject({ code: z.string() }).parse(body).code,
});

describe("the tickets API", () => {
  let platform: TicketPlatform;
  before(async () => {
    platform = await createTicketPlatform();
  });
  after(async () => platform.close());

  const issue = async (change: Parameters<typeof bookingEventOf>[0] = {}) => {
    const event = bookingEventOf(change);
    await platform.apply(event);
    const tickets = await platform.ticketsOf(event.bookingId, event.userId);
    const ticket = ticketSchema.parse(tickets[0]);
    return { event, tickets, ticket, qr: await platform.signer.sign(ticket) };
  };
  const validate = async (body: unknown, options: object = staff): Promise<TestAnswer> =>
    platform.app.request("POST", "/api/tickets/validate", { body, ...options });

  it("shows a ticket to its owner and to admins, to nobody else", async () => {
    const { ticket } = await issue();
    const path = `/api/tickets/${ticket.ticketId}`;
    assert.deepEqual((await platform.app.request("GET", path, anwar)).body, ticket);
    const admin = { identity: { userId: "boss", role: "admin" as const } };
    assert.equal((await platform.app.request("GET", path, admin)).status, 200);
    for (const suffix of ["", "/pdf", "/qr"]) {
      const foreign = await platform.app.request("GET", `${path}${suffix}`, selina);
      assert.deepEqual(refusalOf(foreign), { status: 404, code: "not_found" });
      const nobody = await platform.app.request("GET", `${path}${suffix}`);
      assert.deepEqual(refusalOf(nobody), { status: 401, code: "unauthorized" });
    }
    const unknown = await platform.app.request("GET", `/api/tickets/${randomUUID()}`, anwar);
    assert.deepEqual(refusalOf(unknown), { status: 404, code: "not_found" });
    const wrong = await platform.app.request("GET", "/api/tickets/nonsense", anwar);
    assert.deepEqual(refusalOf(wrong), { status: 400, code: "validation_failed" });
  });

  it("lists the caller's tickets page by page, each once", async () => {
    const userId = `pager-${randomUUID()}`;
    const identity = { identity: { userId } };
    for (let booking = 0; booking < 3; booking += 1) await issue({ userId });
    const pageSchema = z.object({
      tickets: z.array(ticketSchema),
      nextCursor: z.string().nullable(),
    });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "?limit=4" : `?limit=4&cursor=${cursor}`;
      const answer = await platform.app.request("GET", `/api/tickets${query}`, identity);
      const page = pageSchema.parse(answer.body);
      seen.push(...page.tickets.map(({ ticketId }) => ticketId));
      cursor = page.nextCursor;
    }
    assert.equal(seen.length, 6);
    assert.equal(new Set(seen).size, 6);
    const bad = await platform.app.request("GET", "/api/tickets?cursor=x", identity);
    assert.deepEqual(refusalOf(bad), { status: 400, code: "validation_failed" });
  });

  it("gives a PDF of one page with what a gate wants to read", async () => {
    const { ticket } = await issue();
    const path = `/api/tickets/${ticket.ticketId}/pdf`;
    const answer = await platform.app.request("GET", path, anwar);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], "application/pdf");
    assert.equal(answer.bytes.subarray(0, 5).toString(), "%PDF-");
    assert.equal(answer.bytes.toString("latin1").match(/\/Type \/Page\b/g)?.length, 1);
    assert.ok(answer.bytes.length < 200_000, `${answer.bytes.length} bytes`);
  });

  it("gives the QR code as a picture", async () => {
    const { ticket } = await issue();
    const path = `/api/tickets/${ticket.ticketId}/qr`;
    const answer = await platform.app.request("GET", path, anwar);
    assert.equal(answer.headers["content-type"], "image/png");
    assert.equal(answer.bytes.subarray(1, 4).toString(), "PNG");
  });

  it("shows everybody the keys", async () => {
    const answer = await platform.app.request("GET", "/api/tickets/keys");
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, platform.signer.jwks);
  });

  describe("at the gate", () => {
    it("admits once among many at the same moment, and then tells when", async () => {
      const { qr, ticket } = await issue();
      const answers = await Promise.all(Array.from({ length: 40 }, async () => validate({ qr })));
      const admitted = answers.filter(({ status }) => status === 200);
      assert.equal(admitted.length, 1);
      const used = ticketSchema.parse(admitted[0]?.body);
      assert.deepEqual({ ...used, usedAt: null }, { ...ticket, status: "USED" });
      const again = await validate({ qr });
      assert.deepEqual(refusalOf(again), { status: 409, code: "ticket_used" });
      assert.equal(z.looseObject({ usedAt: z.string() }).parse(again.body).usedAt, used.usedAt);
    });

    it("never admits after a refund, whose papers it doesn't print either", async () => {
      const { qr, event, ticket } = await issue();
      await platform.apply({ ...event, type: "booking.refunded", bookingVersion: 5 });
      const isVoid = { status: 409, code: "ticket_void" };
      assert.deepEqual(refusalOf(await validate({ qr })), isVoid);
      for (const suffix of ["pdf", "qr"]) {
        const path = `/api/tickets/${ticket.ticketId}/${suffix}`;
        assert.deepEqual(refusalOf(await platform.app.request("GET", path, anwar)), isVoid);
      }
    });

    it("is never both: admitted before the refund, or refused", async () => {
      for (let round = 0; round < 10; round += 1) {
        const { qr, event, ticket } = await issue();
        const refund = platform.apply({ ...event, type: "booking.refunded", bookingVersion: 5 });
        await Promise.all([validate({ qr }), refund]);
        assert.equal((await platform.tickets.find(ticket.ticketId))?.status, "VOID");
        assert.deepEqual(refusalOf(await validate({ qr })), { status: 409, code: "ticket_void" });
      }
    });

    it("refuses what isn't a ticket of ours, and tickets of other journeys, which stay valid", async () => {
      const { qr, ticket } = await issue();
      const unknown = await platform.signer.sign({ ...ticket, ticketId: randomUUID() });
      const invalid = { status: 422, code: "ticket_invalid" };
      for (const forged of ["x", `${qr}x`, `${qr.slice(0, -8)}AAAAAAAA`, unknown]) {
        assert.deepEqual(refusalOf(await validate({ qr: forged })), invalid);
      }
      const elsewhere = { qr, journeyId: "702-2026-12-01" };
      assert.deepEqual(refusalOf(await validate(elsewhere)), invalid);
      assert.equal((await validate({ qr, journeyId: ticket.journeyId })).status, 200);
    });

    it("obeys staff only", async () => {
      const { qr } = await issue();
      assert.deepEqual(refusalOf(await validate({ qr }, anwar)), {
        status: 403,
        code: "forbidden",
      });
      assert.deepEqual(refusalOf(await validate({ qr }, {})), {
        status: 401,
        code: "unauthorized",
      });
      assert.deepEqual(refusalOf(await validate({})), { status: 400, code: "validation_failed" });
    });
  });
});

const lettersOf = (word: string): string => word.normalize("NFD").split("").sort().join("");

describe("the picture of a ticket's PDF", () => {
  it("shows the passenger's name in any script", async () => {
    const platform = await createTicketPlatform();
    try {
      const event = bookingEventOf();
      await platform.apply(event);
      const [ticket] = await platform.ticketsOf(event.bookingId);
      const path = `/api/tickets/${ticket?.ticketId}/pdf`;
      const { bytes } = await platform.app.request("GET", path, anwar);
      const { text: shown } = await extractText(new Uint8Array(bytes), { mergePages: true });
      for (const text of ["Begum", "Subarna Express", "KA-1", "DHK", "CTG", "06:30", "855.00"]) {
        assert.ok(shown.includes(text), `${text} is missing in ${shown}`);
      }
      assert.ok(shown.includes(String(ticket?.number)));
      // A PDF has the signs in the order in which they are drawn: some vowels before their consonant.
      const words = shown.split(/\s/).map(lettersOf);
      assert.ok(words.includes(lettersOf("আনোয়ারা")), `the Bengali name is missing in ${shown}`);
    } finally {
      await platform.close();
    }
  });
});
