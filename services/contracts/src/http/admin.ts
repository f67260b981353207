import { z } from "zod";
import { roleSchema } from "../identity.ts";
import { operation, type Operation } from "../operation.ts";
import { cursorSchema, pageQuery, timestampSchema } from "../primitives.ts";
import type { ServiceName } from "../service-names.ts";
import { listCircuits, resetCircuit } from "./api-gateway.ts";
import { cancelBooking, requeueBooking } from "./booking.ts";
import {
  createFare,
  createRoute,
  createStation,
  createTrain,
  deleteRoute,
  deleteStation,
  deleteTrain,
  publishJourney,
  replaceRoute,
  replaceStation,
  replaceTrain,
} from "./schedule.ts";

/** An operation of another service, done by an admin through admin-service, which writes it down first. */
export type AdminAct = {
  readonly operation: Operation<"admin">;
  readonly service: ServiceName;
  readonly target: Operation;
};

/** The same request and answers as the target's, below `/api/admin`. */
const actOn = (service: ServiceName, target: Operation): AdminAct => {
  // The service that does the act keeps its idempotency; here the key is only handed on.
  const { idempotency, ...rest } = target;
  const needsKey = idempotency === "required";
  return {
    service,
    target,
    operation: operation({
      ...rest,
      operationId: `${target.operationId}AsAdmin`,
      path: target.path.replace(/^\/api\//, "/api/admin/"),
      summary: `${target.summary} (audited)`,
      ...(needsKey ? { description: "Needs an Idempotency-Key, as the operation itself." } : {}),
      access: "admin",
      problems: [
        ...target.problems,
        ...(needsKey
          ? ([
              "idempotency_key_missing",
              "idempotency_key_invalid",
              "idempotency_key_reused",
              "idempotency_in_flight",
            ] as const)
          : []),
      ],
    }),
  };
};

export const adminActs: readonly AdminAct[] = [
  actOn("booking", requeueBooking),
  actOn("booking", cancelBooking),
  actOn("schedule", createStation),
  actOn("schedule", replaceStation),
  actOn("schedule", deleteStation),
  actOn("schedule", createRoute),
  actOn("schedule", replaceRoute),
  actOn("schedule", deleteRoute),
  actOn("schedule", createTrain),
  actOn("schedule", replaceTrain),
  actOn("schedule", deleteTrain),
  actOn("schedule", createFare),
  actOn("schedule", publishJourney),
  actOn("api-gateway", resetCircuit),
];

export const listCircuitsAsAdmin = operation({
  ...listCircuits,
  operationId: "listCircuitsAsAdmin",
  path: "/api/admin/circuits",
});

/**
 * `DONE` and `REFUSED` as the service answered. `UNANSWERED`: no answer, or a 5xx, so it may or may not have happened. `OPEN`: no result
 * is written: the act is under way, or admin-service died in it, which comes to the same as `UNANSWERED`.
 */
export const actOutcomeSchema = z.enum(["OPEN", "DONE", "REFUSED", "UNANSWERED"]);
export type ActOutcome = z.infer<typeof actOutcomeSchema>;

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timestampSchema,
  actor: z.object({ userId: z.string(), name: z.string(), email: z.string(), role: roleSchema }),
  action: z.string().describe("the operation's id, such as `cancelBooking`"),
  service: z.string(),
  method: z.string(),
  path: z.string(),
  body: z.unknown(),
  requestId: z.string(),
  outcome: actOutcomeSchema,
  result: z
    .object({
      status: z.int().nullable(),
      code: z.string().nullable(),
      at: timestampSchema,
    })
    .nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const listAudit = operation({
  operationId: "listAudit",
  method: "get",
  path: "/api/admin/audit",
  summary: "What admins did through this service, the latest first",
  access: "admin",
  query: z.object({
    userId: z.string().max(64).optional(),
    action: z.string().max(64).optional(),
    outcome: actOutcomeSchema.optional(),
    ...pageQuery,
  }),
  responses: {
    200: {
      description: "A page of the audit log",
      schema: z.object({
        entries: z.array(auditEntrySchema),
        nextCursor: cursorSchema.nullable(),
      }),
    },
  },
  problems: ["validation_failed"],
});

export const overviewSchema = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      status: z.enum(["ok", "unavailable"]),
      failed: z.array(z.string()).describe("checks that fail, such as `database`"),
      millis: z.int().min(0).describe("until it answered, or was given up"),
    }),
  ),
  timetable: z
    .object({ stations: z.int(), routes: z.int(), trains: z.int() })
    .nullable()
    .describe("null while schedule-service does not answer"),
  audit: z
    .object({ acts: z.int(), open: z.int(), unanswered: z.int() })
    .describe("of the last 24 hours; `open` counts those older than a minute"),
});
export type Overview = z.infer<typeof overviewSchema>;

export const getOverview = operation({
  operationId: "getOverview",
  method: "get",
  path: "/api/admin/overview",
  summary: "How the services are, and what admins did lately",
  access: "admin",
  responses: { 200: { description: "As of now", schema: overviewSchema } },
  problems: [],
});

export const operations: readonly Operation[] = [
  getOverview,
  listAudit,
  listCircuitsAsAdmin,
  ...adminActs.map((act) => act.operation),
];
