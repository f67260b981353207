import assert from "node:assert/strict";
import { parseConfig } from "@jatra/common/config/parse-config.ts";
import { configSchema } from "../../src/config.ts";
import { createTicketSigner } from "../../src/domain/ticket-signer.ts";
import { createSigningKey } from "../fixtures/ticket-platform.ts";

const environment = {
  SERVICE_NAME: "ticket-service",
  PORT: "3006",
  IDENTITY_PUBLIC_KEY: "AAAA",
  INTERNAL_TOKEN: "a-token-between-services",
  DATABASE_URL: "postgres://ticket_service@localhost/ticket_db",
  RABBITMQ_URL: "amqp://localhost",
  TICKET_SIGNING_KEY: createSigningKey(),
};
const furtherKeys = (TICKET_FURTHER_KEYS: string) =>
  parseConfig(configSchema, { ...environment, TICKET_FURTHER_KEYS }).TICKET_FURTHER_KEYS;

describe("further keys of tickets, in the environment", () => {
  it("are none unless told", () => {
    assert.deepEqual(parseConfig(configSchema, environment).TICKET_FURTHER_KEYS, []);
    assert.deepEqual(furtherKeys(""), []);
  });

  it("are what the list of keys shows, one or several", async () => {
    const signers = [
      await createTicketSigner(createSigningKey()),
      await createTicketSigner(createSigningKey()),
    ];
    const shown = signers.map(({ jwks }) => String(jwks.keys[0]?.x));
    assert.deepEqual(furtherKeys(shown.join()), shown);
  });

  it("must be keys by their form", () => {
    assert.throws(() => furtherKeys("not a key"), /TICKET_FURTHER_KEYS: must be a list/);
  });
});
