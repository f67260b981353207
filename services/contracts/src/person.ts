import { z } from "zod";

/** What people call somebody; a control character in it would end up in mails, tickets and logs. */
export const personNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{C}+$/u);

export const phoneSchema = z
  .string()
  .regex(/^\+?[0-9][0-9 -]{4,18}[0-9]$/)
  .describe("digits, with an optional + in front; spaces and hyphens may separate them");
