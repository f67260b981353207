import { z } from "zod";
import { operation, type Operation } from "../operation.ts";
import { cursorSchema, idSchema, pageQuery, timestampSchema } from "../primitives.ts";

export const notificationKindSchema = z.enum([
  "welcome",
  "booking_confirmed",
  "payment_failed",
  "booking_cancelled",
  "booking_refunded",
]);
export type NotificationKind = z.infer<typeof notificationKindSchema>;

/** `in_app` is this list itself; the others leave the platform and exist only where it has an outlet for them. */
export const channelSchema = z.enum(["in_app", "email", "sms"]);
export type Channel = z.infer<typeof channelSchema>;

export const deliverySchema = z.object({
  channel: channelSchema,
  status: z.enum(["PENDING", "DELIVERED", "FAILED"]),
  deliveredAt: timestampSchema.nullable(),
});

export const notificationSchema = z.object({
  notificationId: idSchema,
  kind: notificationKindSchema,
  title: z.string(),
  body: z.string(),
  bookingId: idSchema.nullable(),
  at: timestampSchema.describe("when it happened, not when it was told"),
  deliveries: z.array(deliverySchema),
});
export type Notification = z.infer<typeof notificationSchema>;

export const listNotifications = operation({
  operationId: "listNotifications",
  method: "get",
  path: "/api/notifications",
  summary: "The caller's notifications, the newest first",
  access: "user",
  query: z.object(pageQuery),
  responses: {
    200: {
      description: "A page",
      schema: z.object({
        notifications: z.array(notificationSchema),
        nextCursor: cursorSchema.nullable(),
      }),
    },
  },
  problems: [],
});

export const operations: readonly Operation[] = [listNotifications];
