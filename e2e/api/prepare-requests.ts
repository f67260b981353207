import { randomUUID } from "node:crypto";
import { createTicketSigner } from "@jatra/ticket/domain/ticket-signer.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { holdSeat } from "../bench/load/hold-seat.ts";
import { supplySeats, wishOf } from "../bench/platform/seat-supply.ts";
import { timetableRequests } from "./prepare-timetable.ts";
import {
  again,
  EACH,
  get,
  once,
  post,
  times,
  type Context,
  type PreparedRequest,
  type PreparedRequests,
} from "./prepared-request.ts";

/** The platform's own promise for every ending of the provider. */
const CONFIRMED_WITHIN_MS = 60_000;

/** Makes stations, bookings, tickets … through the gateway, and good requests out of them. */
export const prepareRequests = async (
  context: Omit<Context, "supply">,
): Promise<PreparedRequests> => {
  const all = { ...context, supply: await supplySeats(context.platform) };
  return {
    ...(await authRequests(all)),
    ...(await seatRequests(all)),
    ...(await bookingRequests(all)),
    ...(await timetableRequests(all)),
    ...(await personalRequests(all)),
    ...searchRequests(all),
    ...ownRequests(),
  };
};

const authRequests = async (context: Context): Promise<PreparedRequests> => {
  const signIn = async (): Promise<string> =>
    String((await post(context, "/api/auth/login", context.login, 200))["refreshToken"]);
  const tokens: string[] = [];
  for (let index = 0; index < 2 * EACH; index += 1) tokens.push(await signIn());
  const bodies = tokens.map((refreshToken) => ({ body: { refreshToken } }));
  return {
    login: again([{ body: context.login }]),
    register: once(
      times(EACH, (index) => ({
        body: {
          name: "Test Rahima",
          email: `rahima-${index}-${randomUUID()}@example.com`,
          phone: "+8801700000000",
          password: randomUUID(),
        },
      })),
    ),
    refreshToken: once(bodies.slice(0, EACH)),
    logout: once(bodies.slice(EACH)),
  };
};

const hold = (context: Context): Promise<string> =>
  holdSeat(context.client, context.supply.next(), context);

const seatRequests = async (context: Context): Promise<PreparedRequests> => {
  const { supply } = context;
  const lasting = await hold(context);
  const released: string[] = [];
  for (let index = 0; index < EACH; index += 1) released.push(await hold(context));
  const offers = times(EACH, () => supply.next());
  return {
    acquireLock: once(offers.map((offer) => ({ body: wishOf(offer) }))),
    getLock: again([{ path: { lockId: lasting } }]),
    extendLock: again([{ path: { lockId: lasting }, body: { ttlSeconds: 600 } }]),
    releaseLock: once(released.map((lockId) => ({ path: { lockId } }))),
    getAvailability: again(
      offers.map(({ journeyId, from, to }) => ({ path: { journeyId }, query: { from, to } })),
    ),
  };
};

const bookingOf = (lockId: string) => ({
  lockId,
  passengers: [{ name: "Test Rahima" }],
  paymentMethod: "card",
});

const book = async (context: Context): Promise<Record<string, unknown>> => {
  const { bookingId } = await post(context, "/api/bookings", bookingOf(await hold(context)), 202);
  return eventually(async () => {
    const booking = await get(context, `/api/bookings/${String(bookingId)}`);
    return booking["status"] === "CONFIRMED" && booking["ticketId"] !== null && booking;
  }, CONFIRMED_WITHIN_MS);
};

const bookingRequests = async (context: Context): Promise<PreparedRequests> => {
  const bookings = await Promise.all(times(3 * EACH, () => book(context)));
  const ids = bookings.map(({ bookingId }) => String(bookingId));
  const byBooking = ids.map((bookingId) => ({ path: { bookingId } }));
  const keep = byBooking.slice(0, EACH);
  const cancel = (from: number) =>
    byBooking.slice(from, from + EACH).map((request) => ({
      ...request,
      headers: { "Idempotency-Key": randomUUID() },
    }));
  const holds: string[] = [];
  for (let index = 0; index < EACH; index += 1) holds.push(await hold(context));
  const payments = bookings.slice(0, EACH).flatMap(({ payment }) => {
    const id: unknown = payment && Reflect.get(Object(payment), "paymentId");
    return typeof id === "string" ? [{ path: { paymentId: id } }] : [];
  });
  return {
    createBooking: once(holds.map((lockId) => ({ body: bookingOf(lockId) }))),
    getBooking: again(keep),
    cancelBooking: once(cancel(EACH)),
    cancelBookingAsAdmin: once(cancel(2 * EACH)),
    requeueBooking: again(keep),
    requeueBookingAsAdmin: again(keep),
    getPayment: again(payments),
    initiatePayment: again(ids.slice(0, EACH).map((bookingId) => ({ body: { bookingId } }))),
    ...(await ticketRequests(context, bookings.slice(0, EACH))),
  };
};

const ticketRequests = async (
  context: Context,
  bookings: readonly Record<string, unknown>[],
): Promise<PreparedRequests> => {
  const signer = await createTicketSigner(context.platform.secrets.ticketSigningKey);
  const ids = bookings.map(({ ticketId }) => String(ticketId));
  const shown = again(ids.map((ticketId) => ({ path: { ticketId } })));
  const codes = await Promise.all(
    ids.map(async (id) => {
      const ticket: unknown = await get(context, `/api/tickets/${id}`);
      return signer.sign(ticket as Parameters<typeof signer.sign>[0]);
    }),
  );
  return {
    getTicket: shown,
    getTicketPdf: shown,
    getTicketQr: shown,
    validateTicket: once(codes.map((qr) => ({ body: { qr } }))),
  };
};

const personalRequests = async (context: Context): Promise<PreparedRequests> => {
  const save = async (): Promise<PreparedRequest> => {
    const body = { name: "Test Karim" };
    const { passengerId } = await post(context, "/api/users/me/passengers", body, 201);
    return { path: { passengerId: String(passengerId) } };
  };
  const kept = await save();
  const gone = await Promise.all(times(EACH, save));
  const body = { name: "Test Salma", phone: null, dateOfBirth: "1990-01-31" };
  return {
    changeProfile: again([{ body: { name: "Test Admin" } }]),
    savePassenger: again([{ body }]),
    getPassenger: again([kept]),
    replacePassenger: again([{ ...kept, body }]),
    deletePassenger: once(gone),
  };
};

const searchRequests = ({ supply }: Context): PreparedRequests => {
  const period = { from: "2026-11-01", to: "2026-12-31" };
  const report = again([{ query: period }, { query: { ...period, format: "csv" } }]);
  return {
    searchJourneys: again(
      times(EACH, () => supply.next()).map(({ from, to, date }) => ({ query: { from, to, date } })),
    ),
    searchStations: again([{ query: { q: "dha" } }]),
    reportBookings: report,
    reportRevenue: report,
    reportTrains: report,
  };
};

const ownRequests = (): PreparedRequests => {
  const reset = again([{ path: { service: "search" } }]);
  return {
    resetCircuit: reset,
    resetCircuitAsAdmin: reset,
    getDocsFile: again([{ path: { file: "start.js" } }, { path: { file: "swagger-ui.css" } }]),
  };
};
