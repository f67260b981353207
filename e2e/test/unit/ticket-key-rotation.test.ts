import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { createTicketSigner } from "@jatra/ticket/domain/ticket-signer.ts";
import { rotateTicketKey } from "../../../operator/src/desired/secrets/rotate-ticket-key.ts";

const newKey = (): string =>
  generateKeyPairSync("ed25519")
    .privateKey.export({ format: "der", type: "pkcs8" })
    .toString("base64");

/** Keys that a pod of ticket-service believes with such a Secret, the one that signs first. */
const believed = async (values: Readonly<Record<string, string>>) => {
  const further = (values["further-keys"] ?? "").split(",").filter(Boolean);
  const { jwks } = await createTicketSigner(values["signing-key"] ?? "", further);
  return jwks.keys.map(({ x }) => x);
};

describe("a rotation of the key of tickets, as ticket-service sees it", () => {
  it("has every pod believe the next key before one signs with it, and the old one afterwards", async () => {
    const view = { asked: "monday", podHashes: ["a"] };
    const rest = { "signing-key": newKey() };
    const [old] = await believed(rest);
    const announced = rotateTicketKey(rest, view, newKey).values;
    const [signing, next] = await believed(announced);
    assert.equal(signing, old);
    const done = rotateTicketKey(announced, { ...view, podHashes: ["b"] }, newKey).values;
    assert.deepEqual(await believed(done), [next, old]);
  });
});
