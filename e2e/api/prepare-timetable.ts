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

/** Codes and numbers that the sample railway doesn't have. */
const letter = (index: number): string => String.fromCharCode(65 + index);
const stops = [
  { station: "DHK", distanceKm: 0, arriveMinutes: null, departMinutes: 0 },
  { station: "CTG", distanceKm: 320, arriveMinutes: 300, departMinutes: null },
];
const train = (routeId: string) => ({
  name: "Test Express",
  routeId,
  departureTime: "07:15",
  active: false,
  coaches: [{ coach: "KA", class: "SNIGDHA", seatCount: 4 }],
});
const fare = { rates: [{ class: "SNIGDHA", perKm: 200, minimum: 5_000 }] };

/** For stations, routes, trains, fares and journeys, by themselves and through admin-service. */
export const timetableRequests = async (context: Context): Promise<PreparedRequests> => {
  const route = (id: string) => ({ id, name: "Test line", stops });
  const byId = (id: string) => ({ path: { id } });
  const make = async (path: string, body: unknown): Promise<PreparedRequest> =>
    byId(String((await post(context, path, body, 201))["id"]));
  const gone: Record<"stations" | "routes" | "trains", PreparedRequest[]> = {
    stations: [],
    routes: [],
    trains: [],
  };
  const kept = {
    routes: [await make("/api/routes", route("test-kept"))],
    stations: [await make("/api/stations", { code: "QQQ", name: "Test halt" })],
    trains: [await make("/api/trains", { ...train("test-kept"), number: "T9999" })],
  };
  for (let index = 0; index < 2 * EACH; index += 1) {
    const code = `QX${letter(index)}`;
    gone.stations.push(await make("/api/stations", { code, name: "Test halt" }));
    gone.routes.push(await make("/api/routes", route(`test-gone-${index}`)));
    const number = `T${1_000 + index}`;
    gone.trains.push(await make("/api/trains", { ...train("test-kept"), number }));
  }
  const fareId = await make("/api/fares", fare);
  const { trains } = await get(context, "/api/trains?limit=100");
  const running = Array.isArray(trains) ? trains.map((each) => String(each.id)) : [];
  const far = times(EACH, (index) => `2027-03-${String(index + 10)}`);
  const journeys = (day: (date: string) => string) =>
    once(far.map((date, index) => ({ body: { trainId: running[index], date: day(date) } })));
  const names = { stations: "Station", routes: "Route", trains: "Train" } as const;
  const changes = {
    stations: { name: "Test halt" },
    routes: { name: "Test line", stops },
    trains: train("test-kept"),
  };
  const made = {
    stations: (index: number) => ({ code: `QY${letter(index)}`, name: "Test halt" }),
    routes: (index: number) => route(`test-made-${index}`),
    trains: (index: number) => ({ ...train("test-kept"), number: `T${2_000 + index}` }),
  };
  const requests: PreparedRequests = {
    getFare: again([fareId]),
    createFare: again([{ body: fare }]),
    createFareAsAdmin: again([{ body: fare }]),
    publishJourney: journeys((date) => date),
    publishJourneyAsAdmin: journeys((date) => date.replace("-03-", "-04-")),
    getJourney: again(times(3, () => byId(context.supply.next().journeyId))),
  };
  for (const kind of ["stations", "routes", "trains"] as const) {
    const name = names[kind];
    for (const [admin, first] of [
      ["", 0],
      ["AsAdmin", EACH],
    ] as const) {
      requests[`create${name}${admin}`] = once(
        times(EACH, (index) => ({ body: made[kind](first + index) })),
      );
      requests[`replace${name}${admin}`] = again(
        kept[kind].map((request) => ({ ...request, body: changes[kind] })),
      );
      requests[`delete${name}${admin}`] = once(gone[kind].slice(first, first + EACH));
    }
    requests[`get${name}`] = again(kept[kind]);
  }
  return requests;
};
