import type { RouteBody, TrainBody } from "@jatra/contracts/timetable.ts";
import { sampleCoaches } from "./fares.ts";
import { sampleStations } from "./stations.ts";
import type { SampleTrain } from "./trains.ts";

/** Minutes an intercity train stands at a stop on the way. */
const HALT_MINUTES = 3;

/** A sample train as the API would take it: its route (one a train, since every train stops elsewhere) and itself. */
export const expandTrain = (sample: SampleTrain): { route: RouteBody; train: TrainBody } => {
  const codes = sample.stops.split(" ");
  const routeId = `train-${sample.number}`;
  const ends = [codes.at(0), codes.at(-1)].map((code) => sampleStations[code ?? ""] ?? code);
  return {
    route: { id: routeId, name: `${ends.join(" – ")} (${sample.number})`, stops: stopsOf(sample) },
    train: {
      number: sample.number,
      name: sample.name,
      routeId,
      departureTime: sample.departs,
      daysOff: sample.dayOff === undefined ? [] : [sample.dayOff],
      active: true,
      coaches: [...sampleCoaches],
    },
  };
};

const stopsOf = ({ line, stops, speed }: SampleTrain): RouteBody["stops"] => {
  const codes = stops.split(" ");
  const kilometres = codes.map((code) => kilometreOf(line, code));
  const start = kilometres[0] ?? 0;
  return codes.map((station, seq) => {
    const distanceKm = Math.abs((kilometres[seq] ?? start) - start);
    const arrive = Math.round((distanceKm / speed) * 60) + Math.max(seq - 1, 0) * HALT_MINUTES;
    const isFirst = seq === 0;
    const isLast = seq === codes.length - 1;
    return {
      station,
      distanceKm,
      arriveMinutes: isFirst ? null : arrive,
      departMinutes: isLast ? null : arrive + (isFirst ? 0 : HALT_MINUTES),
    };
  });
};

const kilometreOf = (line: SampleTrain["line"], code: string): number => {
  const kilometre = line[code];
  if (kilometre === undefined) throw new Error(`sample data: ${code} is not on this line`);
  return kilometre;
};
