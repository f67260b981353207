import type { Finding, View } from "../view.ts";

/** Says plainly what a platform for real passengers would lack. */
export function productionReady({ platform }: View): Finding {
  const type = "ProductionReady";
  const embedded = [
    ...(platform.postgres.embedded === undefined ? [] : ["PostgreSQL"]),
    ...(platform.redis.embedded === undefined ? [] : ["Redis"]),
    ...(platform.rabbitmq.embedded === undefined ? [] : ["RabbitMQ"]),
  ];
  const underDevelopment = platform.services
    .filter((service) => service.settings.development === true)
    .map((service) => service.facts.name);
  const lacking = [
    ...(embedded.length === 0 ? [] : [`${embedded.join(", ")} embedded: one replica, no backup`]),
    ...(platform.payments.provider === "simulator" ? ["payments are simulated"] : []),
    ...(underDevelopment.length > 0
      ? [`code can be changed in ${underDevelopment.join(", ")}`]
      : []),
    ...(platform.pgbouncer.replicas === 1 ? ["one PgBouncer pod"] : []),
  ];
  if (lacking.length === 0) {
    const message = "Stores and payment provider are external.";
    return { type, status: "True", reason: "External", message };
  }
  const message = `${lacking.join("; ")}.`;
  return { type, status: "False", reason: "NotForProduction", message };
}
