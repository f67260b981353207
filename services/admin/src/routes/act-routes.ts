import type { IncomingHttpHeaders } from "node:http";
import type pg from "pg";
import { bind, type RequestContext, type Route } from "@jatra/common/http/bind.ts";
import type { InternalClient } from "@jatra/common/http/internal-client.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import type { Reply } from "@jatra/common/http/reply.ts";
import { idempotencyKeyOf } from "@jatra/common/idempotency/idempotency-key.ts";
import { adminActs, type AdminAct } from "@jatra/contracts/http/admin.ts";
import { identityHeader } from "@jatra/contracts/identity.ts";
import { z } from "zod";
import { clientOf, type ServiceClients } from "../clients/service-clients.ts";
import { createAuditLog } from "../data/audit-store.ts";
import { fillPath } from "../domain/fill-path.ts";
import { performAct, type ActAnswer, type ActIntent } from "../domain/perform-act.ts";

type Dependencies = { readonly pool: pg.Pool; readonly clients: ServiceClients };
type Context = RequestContext<"admin", unknown, unknown, unknown>;

const paramsSchema = z.record(z.string(), z.string()).default({});

/** One route an act of the contract's table: written down, done at its own service, written down. */
export const actRoutes = (dependencies: Dependencies): Route[] => {
  const audit = createAuditLog(dependencies.pool);
  return adminActs.map((act) =>
    bind(act.operation, async (context: Context) => {
      const intent = intentOf(act, context);
      const client = clientOf(dependencies.clients, act.service);
      const headers = handedOn(act, context.headers);
      const answer = await performAct(
        {
          audit,
          call: () => send(client, intent, context.headers, headers),
          resultLost: (error, actId) =>
            context.logger.error({ err: error, actId }, "result of an act not written"),
        },
        intent,
      );
      return replyOf(act, answer);
    }),
  );
};

const intentOf = (act: AdminAct, context: Context): ActIntent => ({
  actor: context.identity,
  action: act.target.operationId,
  service: act.service,
  method: act.target.method.toUpperCase(),
  path: fillPath(act.target.path, paramsSchema.parse(context.params)),
  body: context.body,
  requestId: context.requestId,
});

/** What the service needs beside the identity; missing parts are refused before anything is written down or done. */
const handedOn = (act: AdminAct, headers: IncomingHttpHeaders): Record<string, string> => {
  if (act.service === "api-gateway") return { authorization: bearerOf(headers) };
  const key = act.target.idempotency
    ? idempotencyKeyOf(headers, act.target.idempotency)
    : undefined;
  return key === undefined ? {} : { "idempotency-key": key };
};

/** The gateway trusts no identity but the one it reads from a bearer itself. */
export const bearerOf = ({ authorization }: IncomingHttpHeaders): string => {
  if (authorization?.startsWith("Bearer ")) return authorization;
  throw new Problem("unauthorized", { detail: "The gateway wants the admin's own bearer token." });
};

const send = async (
  client: InternalClient,
  intent: ActIntent,
  { [identityHeader]: identity }: IncomingHttpHeaders,
  headers: Record<string, string>,
): Promise<ActAnswer> => {
  const answer = await client.call({
    method: methodSchema.parse(intent.method),
    path: intent.path,
    ...(intent.body === undefined ? {} : { body: intent.body }),
    requestId: intent.requestId,
    identity: String(identity),
    headers,
    response: z.unknown(),
  });
  return answer.ok ? { ...answer, code: null } : answer;
};

const methodSchema = z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]);

/** The service's own answer. What it made is found at the service, so that is where Location points. */
const replyOf = ({ target }: AdminAct, { ok, status, body }: ActAnswer): Reply => {
  if (!ok) {
    const bytes = Buffer.from(JSON.stringify(body));
    return { status, raw: { bytes, contentType: "application/problem+json" } };
  }
  const id = status === 201 ? madeSchema.safeParse(body).data : undefined;
  return { status, body, ...(id ? { headers: { Location: `${target.path}/${id}` } } : {}) };
};

const madeSchema = z.union([
  z.object({ id: z.string() }).transform(({ id }) => id),
  z.object({ journeyId: z.string() }).transform(({ journeyId }) => journeyId),
]);
