import type { Reply } from "@jatra/common/http/reply.ts";
import type { Session } from "../data/create-session-store.ts";
import { toDecimal } from "./decimal-amount.ts";

/** Where a payer decides. */
export const payerPage = (session: Session): Reply =>
  page(
    "Pay",
    session.status === "PENDING"
      ? `<p>${escapeHtml(session.currency)} ${toDecimal(session.totalAmount)}
for order ${escapeHtml(session.tranId)}</p>
<form method="post">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="decline">Decline</button>
<button name="decision" value="cancel">Cancel</button>
</form>`
      : `<p>This payment has ended: ${session.status}.</p>`,
  );

/** Sends the payer's browser back to the merchant with the result as a form, as SSLCommerz does. */
export const wayBackPage = (url: string, fields: Readonly<Record<string, string>>): Reply => {
  const inputs = Object.entries(fields).map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return page(
    "Back to the merchant",
    `<form method="post" action="${escapeHtml(url)}">${inputs.join("\n")}
<button>Continue</button></form><script>document.forms[0].submit()</script>`,
  );
};

const page = (title: string, body: string): Reply => ({
  status: 200,
  raw: {
    contentType: "text/html; charset=utf-8",
    bytes: Buffer.from(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} - simulated SSLCommerz</title></head>
<body><main><h1>${title}</h1>${body}</main></body></html>
`),
  },
});

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
