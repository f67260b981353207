import type pg from "pg";
import { inTransaction } from "@jatra/common/database/in-transaction.ts";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import type { PageCache } from "@jatra/common/http/page-cache.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { created, noContent, ok } from "@jatra/common/http/reply.ts";
import * as contract from "@jatra/contracts/http/schedule.ts";
import type { TrainBody } from "@jatra/contracts/timetable.ts";
import {
  deleteTrain,
  findTrain,
  insertTrain,
  listTrains,
  replaceTrain,
} from "../data/train-store.ts";
import { isReferenceFault } from "../data/violation.ts";
import { listPage } from "./list-page.ts";
import { refuseInUse } from "./refuse-in-use.ts";

type Dependencies = {
  readonly pool: pg.Pool;
  readonly lists: PageCache;
  /** Has a new train's journeys published now instead of within the minute. */
  readonly trainsChanged: () => void;
};

/** Trains with their coaches: read by everybody, written by admins. */
export const trainRoutes = ({ pool, lists, trainsChanged }: Dependencies): Route[] => [
  bind(contract.listTrains, ({ query }) =>
    listPage(lists, "trains", query, (after, limit) => listTrains(pool, after, limit)),
  ),
  bind(contract.getTrain, async ({ params }) => {
    const train = await findTrain(pool, params.id);
    if (!train) throw new Problem("not_found");
    return ok(train);
  }),
  bind(contract.createTrain, async ({ body }) => {
    if (!(await save(pool, body, insertTrain))) {
      throw new Problem("conflict", { detail: `There is a train ${body.number}.` });
    }
    lists.clear();
    trainsChanged();
    return created(`/api/trains/${body.number}`, await findTrain(pool, body.number));
  }),
  bind(contract.replaceTrain, async ({ params, body }) => {
    const replaced = await save(pool, { ...body, number: params.id }, replaceTrain);
    if (!replaced) throw new Problem("not_found");
    lists.clear();
    trainsChanged();
    return ok(await findTrain(pool, params.id));
  }),
  bind(contract.deleteTrain, async ({ params }) => {
    const deleted = await refuseInUse("A journey", deleteTrain(pool, params.id));
    if (!deleted) throw new Problem("not_found");
    lists.clear();
    return noContent();
  }),
];

const save = async (
  pool: pg.Pool,
  train: TrainBody,
  write: typeof insertTrain,
): Promise<boolean> => {
  if (new Set(train.coaches.map(({ coach }) => coach)).size < train.coaches.length) {
    throw new Problem("conflict", { detail: "Two coaches have the same name." });
  }
  return inTransaction(pool, (transaction) => write(transaction, train)).catch((cause: unknown) => {
    if (!isReferenceFault(cause)) throw cause;
    throw new Problem("not_found", { detail: `There is no route ${train.routeId}.`, cause });
  });
};
