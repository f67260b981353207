import { z } from "zod";

/** What every service reads; docs/architecture.md, «Environment of a service». */
export const baseConfig = {
  SERVICE_NAME: z.string().min(1),
  POD_NAME: z.string().min(1).default("local"),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
  IDENTITY_PUBLIC_KEY: z.base64(),
  INTERNAL_TOKEN: z.string().min(16),
};

export const databaseConfig = {
  DATABASE_URL: z.url(),
  /** Fixed size: the operator's connection budget is this times the pods. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(5),
};

export const redisConfig = { REDIS_URL: z.url() };
export const rabbitConfig = { RABBITMQ_URL: z.url() };
