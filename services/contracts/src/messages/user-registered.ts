import { z } from "zod";
import { idSchema } from "../primitives.ts";

/** Key `user.registered`. */
export const userRegisteredSchema = z.object({
  userId: idSchema,
  name: z.string(),
  email: z.string(),
  phone: z.string(),
});
export type UserRegistered = z.infer<typeof userRegisteredSchema>;
