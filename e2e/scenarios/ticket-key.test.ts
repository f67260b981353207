import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { shownKey } from "../../operator/src/desired/secrets/rotate-ticket-key.ts";
import { walkThrough, type WalkThrough } from "../cluster/walk-through.ts";
import { signInAsAdmin } from "./support/admin.ts";
import { api } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { showTicket, textBy, textIn, validate, type ShownTicket } from "./support/shown-ticket.ts";
import { baseUrl } from "./support/test-cluster.ts";
import {
  areInUse,
  askForTicketKey,
  keysIn,
  keysOfPods,
  refusalsAmong,
  ticketKeys,
} from "./support/ticket-keys.ts";

/** The operator hears of a request within this time; one that asks for nothing new has as long to do harm. */
const NOTICED_WITHIN_MS = 5_000;
/** Two rollouts of ticket-service one after the other, each until the last pod of before has gone. */
const ROTATED_WITHIN_MS = 110_000;
/** Another one in every run: the platform may have seen the last run's. */
const WORDS = `scenario-${Date.now()}`;

/** A private key that no ticket-service has. */
const foreignKey = (): string => {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
};

describe("a rotation of the key that signs tickets", () => {
  let gate: string;
  let customer: WalkThrough;
  /** As it was printed before the rotation. */
  let paper: ShownTicket;
  let oldKey: string;
  let newKey: string;

  const show = (ticketId = "") => showTicket(ticketId, customer.accessToken);

  before(async function () {
    this.timeout(60_000);
    gate = await signInAsAdmin();
    customer = await walkThrough(baseUrl, () => undefined);
    oldKey = (await ticketKeys())["signing-key"] ?? "";
    paper = await show(customer.ticketIds[0]);
    assert.equal(await textIn(paper, [oldKey]), await textBy(oldKey, paper.ticket));
  });

  it("refuses no ticket on the way, whichever pod has signed and whichever looks", async function () {
    this.timeout(ROTATED_WITHIN_MS + 30_000);
    const used = customer.ticketIds[1];
    const first = await textIn(await show(used), [oldKey]);
    assert.equal((await validate(first, gate)).status, 200);
    await askForTicketKey(WORDS);
    newKey = await eventually("the next key is announced", NOTICED_WITHIN_MS, async () => {
      const { "next-signing-key": next } = await ticketKeys();
      assert.ok(next);
      return next;
    });
    const deadline = Date.now() + ROTATED_WITHIN_MS;
    const texts = new Set<string>();
    // That it is used is what a gate only says of a ticket whose signature it believes.
    const answers = new Set<unknown>();
    // A gateway keeps to its connections, so that requests alone hardly ever meet two pods of different age.
    const refusals = new Set<string>();
    for (let isOver = false; !isOver;) {
      assert.ok(Date.now() < deadline, "the next key doesn't sign in every pod");
      const pods = await keysOfPods();
      for (const refusal of refusalsAmong(pods)) refusals.add(refusal);
      isOver = areInUse(pods, newKey, oldKey);
      const text = await textIn(await show(used), [oldKey, newKey]);
      texts.add(text);
      answers.add((await validate(text, gate)).body["code"]);
    }
    assert.deepEqual([...refusals], []);
    assert.deepEqual([...answers], ["ticket_used"]);
    assert.deepEqual([...texts], [first, await textBy(newKey, (await show(used)).ticket)]);
  });

  it("leaves paper its worth", async () => {
    const text = await textIn(paper, [oldKey]);
    const admitted = await validate(text, gate);
    assert.equal(admitted.status, 200, admitted.text);
    assert.equal(admitted.body["ticketId"], paper.ticket.ticketId);
  });

  it("has the next tickets signed by another key, which all are told of", async () => {
    const { accessToken, ticketIds } = await walkThrough(baseUrl, () => undefined);
    const shown = await showTicket(ticketIds[0] ?? "", accessToken);
    const admitted = await validate(await textIn(shown, [newKey]), gate);
    assert.equal(admitted.status, 200, admitted.text);
    const [first, ...others] = keysIn((await api("GET", "/api/tickets/keys")).text);
    assert.equal(first, shownKey(newKey));
    assert.ok(others.includes(shownKey(oldKey)));
    assert.notEqual(shownKey(newKey), shownKey(oldKey));
  });

  it("isn't begun by the same words again, and makes nobody else's key good", async () => {
    const keys = await ticketKeys();
    const pods = [...(await keysOfPods()).keys()];
    await askForTicketKey(undefined);
    await askForTicketKey(WORDS);
    const endsAt = Date.now() + NOTICED_WITHIN_MS;
    while (Date.now() < endsAt) {
      assert.deepEqual(await ticketKeys(), keys);
      await delay(500);
    }
    assert.deepEqual([...(await keysOfPods()).keys()], pods);
    const forged = await validate(await textBy(foreignKey(), paper.ticket), gate);
    assert.equal(forged.body["code"], "ticket_invalid", forged.text);
  });
});
