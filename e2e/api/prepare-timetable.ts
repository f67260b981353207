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

/** Codes, ids and numbers that the sample railway doesn't have, told apart by the letter after `Q` or the first digits. */
const stops = [
  { station: "DHK", distanceKm: 0, arriveMinutes: null, departMinutes: 0 },
  { station: "CTG", distanceKm: 320, arriveMinutes: 300, departMinutes: null },
];
const KEPT_ROUTE = "test-kept";
const station = (set: string, index: number) => ({
  code: `Q${set}${String.fromCharCode(65 + index)}`,
  name: "Test halt",
});
const route = (id: string) => ({ id, name: "Test line", stops });
const train = {
  name: "Test Express",
  routeId: KEPT_ROUTE,
  departureTime: "07:15",
  active: false,
  coaches: [{ coach: "KA", class: "SNIGDHA", seatCount: 4 }],
};
const fare = { rates: [{ class: "SNIGDHA", perKm: 200, minimum: 5_000 }] };

/** One of a kind, as its operations want it: the body number `index` of those that are deleted or made, and of a change. */
type Kind = {
  readonly name: string;
  readonly path: string;
  readonly kept: object;
  readonly gone: (index: number) => object;
  readonly made: (index: number) => object;
  readonly change: object;
};

/** Routes first: the trains run on the one that is kept. */
const kinds: readonly Kind[] = [
  {
    name: "Route",
    path: "/api/routes",
    kept: route(KEPT_ROUTE),
    gone: (index) => route(`test-gone-${index}`),
    made: (index) => route(`test-made-${index}`),
    change: { name: "Test line", stops },
  },
  {
    name: "Station",
    path: "/api/stations",
    kept: { code: "QQQ", name: "Test halt" },
    gone: (index) => station("X", index),
    made: (index) => station("Y", index),
    change: { name: "Test halt" },
  },
  {
    name: "Train",
    path: "/api/trains",
    kept: { ...train, number: "T9999" },
    gone: (index) => ({ ...train, number: `T${1_000 + index}` }),
    made: (index) => ({ ...train, number: `T${2_000 + index}` }),
    change: train,
  },
];

/** For stations, routes, trains, fares and journeys, by themselves and through admin-service. */
export const timetableRequests = async (context: Context): Promise<PreparedRequests> => {
  const requests: PreparedRequests = {};
  for (const kind of kinds) Object.assign(requests, await requestsOf(kind, context));
  return { ...requests, ...(await fareRequests(context)), ...(await journeyRequests(context)) };
};

const make = async (context: Context, path: string, body: object): Promise<PreparedRequest> => ({
  path: { id: String((await post(context, path, body, 201))["id"]) },
});

const requestsOf = async (kind: Kind, context: Context): Promise<PreparedRequests> => {
  const { name, path } = kind;
  const kept = await make(context, path, kind.kept);
  const gone: PreparedRequest[] = [];
  for (let index = 0; index < 2 * EACH; index += 1) {
    gone.push(await make(context, path, kind.gone(index)));
  }
  const actsOf = (suffix: string, first: number): PreparedRequests => ({
    [`create${name}${suffix}`]: once(times(EACH, (index) => ({ body: kind.made(first + index) }))),
    [`replace${name}${suffix}`]: again([{ ...kept, body: kind.change }]),
    [`delete${name}${suffix}`]: once(gone.slice(first, first + EACH)),
  });
  return { [`get${name}`]: again([kept]), ...actsOf("", 0), ...actsOf("AsAdmin", EACH) };
};

const fareRequests = async (context: Context): Promise<PreparedRequests> => ({
  getFare: again([await make(context, "/api/fares", fare)]),
  createFare: again([{ body: fare }]),
  createFareAsAdmin: again([{ body: fare }]),
});

/** On days that are far ahead: those that are near are published already. */
const journeyRequests = async (context: Context): Promise<PreparedRequests> => {
  const { trains } = await get(context, "/api/trains?limit=100");
  const running = Array.isArray(trains) ? trains.map((each) => String(each.id)) : [];
  const publish = (month: string) =>
    once(
      times(EACH, (index) => ({
        body: { trainId: running[index], date: `2027-${month}-${index + 10}` },
      })),
    );
  return {
    publishJourney: publish("03"),
    publishJourneyAsAdmin: publish("04"),
    getJourney: again(times(3, () => ({ path: { id: context.supply.next().journeyId } }))),
  };
};
