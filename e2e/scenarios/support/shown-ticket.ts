import assert from "node:assert/strict";
import { ticketSchema, type Ticket } from "@jatra/contracts/http/ticket.ts";
import { createTicketSigner } from "@jatra/ticket/domain/ticket-signer.ts";
import { qrImage } from "@jatra/ticket/rendering/qr-image.ts";
import { api, type Answer } from "./api.ts";

export type ShownTicket = {
  readonly ticket: Ticket;
  /** The QR code as a passenger has it: a PNG, which says who signed. */
  readonly picture: Buffer;
};

/** A ticket as its passenger sees it now. */
export const showTicket = async (ticketId: string, token: string): Promise<ShownTicket> => {
  const found = await api("GET", `/api/tickets/${ticketId}`, { token });
  const shown = await api("GET", `/api/tickets/${ticketId}/qr`, { token });
  assert.deepEqual([found.status, shown.status], [200, 200], found.text);
  return { ticket: ticketSchema.parse(found.body), picture: shown.bytes };
};

/** The text of a ticket's QR code, if that key signs it. One ticket and one key give one text and one picture. */
export const textBy = async (privateKey: string, ticket: Ticket): Promise<string> =>
  (await createTicketSigner(privateKey)).sign(ticket);

/** The text of the QR code in the picture, which one of these private keys must have signed. */
export const textIn = async (
  { ticket, picture }: ShownTicket,
  privateKeys: readonly string[],
): Promise<string> => {
  for (const key of privateKeys) {
    const text = await textBy(key, ticket);
    if (picture.equals(await qrImage(text))) return text;
  }
  throw new Error(`none of ${privateKeys.length} keys has signed ticket ${ticket.ticketId}`);
};

/** What the gate says to a QR code's text. */
export const validate = (qr: string, token: string): Promise<Answer> =>
  api("POST", "/api/tickets/validate", { token, body: { qr } });
