import { z } from "zod";
import { operation, type Operation } from "../operation.ts";
import { personNameSchema, phoneSchema } from "../person.ts";
import { dateSchema, idSchema, timestampSchema } from "../primitives.ts";

const profileSchema = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string().describe("as signed in with; it is changed with the account, not here"),
  phone: z.string().nullable(),
  updatedAt: timestampSchema,
});
export type Profile = z.infer<typeof profileSchema>;

const passengerInputSchema = z.object({
  name: personNameSchema,
  phone: phoneSchema.nullable().default(null),
  dateOfBirth: dateSchema.nullable().default(null),
});
export type PassengerInput = z.infer<typeof passengerInputSchema>;

const passengerSchema = z.object({
  passengerId: idSchema,
  name: z.string(),
  phone: z.string().nullable(),
  dateOfBirth: dateSchema.nullable(),
});
export type SavedPassenger = z.infer<typeof passengerSchema>;

const passengerParams = z.object({ passengerId: idSchema });

/** A family or a small group; whoever needs more books as a business. */
export const SAVED_PASSENGERS_MAX = 20;

export const getProfile = operation({
  operationId: "getProfile",
  method: "get",
  path: "/api/users/me",
  summary: "The caller's profile",
  access: "user",
  responses: { 200: { description: "The profile", schema: profileSchema } },
  problems: [],
});

export const changeProfile = operation({
  operationId: "changeProfile",
  method: "patch",
  path: "/api/users/me",
  summary: "Change name or phone number",
  access: "user",
  body: z
    .object({ name: personNameSchema.optional(), phone: phoneSchema.nullable().optional() })
    .strict()
    .refine((change) => Object.keys(change).length > 0, "nothing to change"),
  responses: { 200: { description: "The profile as it is now", schema: profileSchema } },
  problems: [],
});

export const listPassengers = operation({
  operationId: "listPassengers",
  method: "get",
  path: "/api/users/me/passengers",
  summary: "Saved passengers, the oldest first",
  description: `There are at most ${SAVED_PASSENGERS_MAX}, so they come in one piece.`,
  access: "user",
  responses: {
    200: {
      description: "All of them",
      schema: z.object({ passengers: z.array(passengerSchema) }),
    },
  },
  problems: [],
});

export const savePassenger = operation({
  operationId: "savePassenger",
  method: "post",
  path: "/api/users/me/passengers",
  summary: "Save a passenger",
  access: "user",
  body: passengerInputSchema,
  responses: { 201: { description: "Saved", schema: passengerSchema } },
  problems: ["conflict"],
});

export const getPassenger = operation({
  operationId: "getPassenger",
  method: "get",
  path: "/api/users/me/passengers/:passengerId",
  summary: "One saved passenger",
  access: "user",
  params: passengerParams,
  responses: { 200: { description: "The passenger", schema: passengerSchema } },
  problems: ["not_found"],
});

export const replacePassenger = operation({
  operationId: "replacePassenger",
  method: "put",
  path: "/api/users/me/passengers/:passengerId",
  summary: "Replace a saved passenger",
  access: "user",
  params: passengerParams,
  body: passengerInputSchema,
  responses: { 200: { description: "The passenger as it is now", schema: passengerSchema } },
  problems: ["not_found"],
});

export const deletePassenger = operation({
  operationId: "deletePassenger",
  method: "delete",
  path: "/api/users/me/passengers/:passengerId",
  summary: "Forget a saved passenger",
  access: "user",
  params: passengerParams,
  responses: { 204: { description: "Forgotten" } },
  problems: ["not_found"],
});

export const operations: readonly Operation[] = [
  getProfile,
  changeProfile,
  listPassengers,
  savePassenger,
  getPassenger,
  replacePassenger,
  deletePassenger,
];
