import type { ServiceName } from "./service-names.ts";

/** The parts of the public API in the order in which a client meets them, each with a sentence on what it is for. */
export const chapters: readonly { readonly service: ServiceName; readonly about: string }[] = [
  { service: "auth", about: "Accounts and sessions" },
  { service: "search", about: "Stations by name, journeys between two of them on a day" },
  { service: "seat-reservation", about: "Which seats are free, and holding some while one pays" },
  { service: "booking", about: "From held seats to a journey: book, follow, cancel" },
  { service: "payment", about: "A booking's one payment" },
  { service: "ticket", about: "Tickets as QR code and PDF; staff admit passengers with them" },
  { service: "notification", about: "What was told to the signed-in user" },
  { service: "user", about: "One's own profile and the people one travels with" },
  { service: "schedule", about: "The railway: stations, routes, trains, fares, journeys" },
  { service: "reporting", about: "Sales in figures, for staff" },
  { service: "admin", about: "What admins do to other parts, with a log of it" },
  { service: "api-gateway", about: "This documentation, and the circuit breakers for admins" },
];

/** What stands above the operations in the public document; Markdown. */
export const apiGuide = `
Trains, seats and tickets. Made from the schemas that validate the requests.

### A booking in five requests
1. \`POST /api/auth/register\`, \`POST /api/auth/login\`: an access token for 15 minutes and a refresh token for the next one. Send the first as
   \`Authorization: Bearer …\`; the lock beside an operation says where one is needed.
2. \`GET /api/search/journeys?from=DHK&to=CTG&date=2026-12-01\`: what runs, what it costs, how many seats are free.
3. \`POST /api/seats/locks/acquire\` with a journey and seats: all of them are held for ten minutes, or none.
4. \`POST /api/bookings\` with the lock, the passengers and a way to pay: 202 at once, with \`Location\`.
5. \`GET\` that location until the status is \`CONFIRMED\` (or \`PAYMENT_FAILED\`), each time after the seconds in \`Retry-After\`: it goes by how long
   payments take at the moment. Then \`GET /api/tickets\`.

### Idempotency keys
A request whose answer was lost may or may not have worked. Send a key of your own with it, a fresh UUID for each thing that you want done, and repeat it
with the same key and body as often as needed:

    POST /api/bookings
    Idempotency-Key: 550e8400-e29b-41d4-a716-446655440000

| the second request | answer |
|---|---|
| same key, same body | the first one's status and bytes, with \`Idempotent-Replayed: true\`; nothing is done again |
| same key, other body | 422 \`idempotency_key_reused\` |
| same key while the first is running | 409 \`idempotency_in_flight\`, with \`Retry-After\` |
| no key where one is required (to cancel a booking) | 400 \`idempotency_key_missing\` |

A key is yours alone and of one operation, has 1 to 255 characters, bare or in quotes (\`"550e8400-…"\`), and is kept for 24 hours. What was refused as invalid isn't
kept. Bookings and payments are protected without a key too: the server makes one from the request.

### Errors
\`application/problem+json\` with a stable \`code\`, which is what to branch on, and a \`requestId\` (also the header \`X-Request-Id\`) to ask us about. Things of
somebody else look like things that don't exist: 404.

### Limits
Every answer says how you stand: \`RateLimit-Policy: "address";q=1000;w=1\` (1,000 requests in one second) and \`RateLimit: "address";r=997;t=1\` (997 are
left). Over a limit: 429 \`rate_limited\` with \`Retry-After\`. A service that fails gets a pause: 503 \`circuit_open\` with \`Retry-After\`.

### Forms
Times are ISO 8601 in UTC, money is an integer of the smallest unit (poisha) with its currency. Lists end with \`nextCursor\`: send it as \`cursor\` for more, \`null\`
is the end. Answers may gain fields at any time.
`.trim();
