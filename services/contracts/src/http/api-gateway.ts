import { z } from "zod";
import { operation, type Operation } from "../operation.ts";

const circuitSchema = z.object({
  service: z.string(),
  state: z.enum(["closed", "open", "half_open"]),
  failures: z.int().describe("within the sliding window"),
  version: z.int().describe("grows with each change that the pods agree on"),
  probeInMs: z.int().describe("until a probe is let through, while open"),
});

export const listCircuits = operation({
  operationId: "listCircuits",
  method: "get",
  path: "/api/circuits",
  summary: "The circuit breakers of all gateway pods",
  access: "admin",
  responses: {
    200: {
      description: "One entry a pod; this pod's as of now, the others' at most five seconds old",
      schema: z.object({
        complete: z.boolean().describe("false while Redis is away: then it is one pod's word"),
        pods: z.array(z.object({ pod: z.string(), circuits: z.array(circuitSchema) })),
      }),
    },
  },
  problems: [],
});

export const resetCircuit = operation({
  operationId: "resetCircuit",
  method: "post",
  path: "/api/circuits/:service/reset",
  summary: "Close a circuit breaker in all gateway pods and forget its failures",
  access: "admin",
  params: z.object({ service: z.string().regex(/^[a-z-]{1,40}$/) }),
  responses: {
    200: {
      description: "Closed in this pod; the others were told",
      schema: z.object({ service: z.string(), state: z.literal("closed") }),
    },
  },
  problems: ["not_found"],
});

export const showDocs = operation({
  operationId: "showDocs",
  method: "get",
  path: "/api/docs",
  summary: "This documentation as a page",
  access: "public",
  responses: { 200: { description: "A page", contentType: "text/html" } },
  problems: [],
});

export const getOpenApi = operation({
  operationId: "getOpenApi",
  method: "get",
  path: "/api/docs/openapi.json",
  summary: "This documentation as an OpenAPI 3.1 document",
  access: "public",
  responses: {
    200: { description: "The document", schema: z.looseObject({ openapi: z.string() }) },
  },
  problems: [],
});

export const getDocsFile = operation({
  operationId: "getDocsFile",
  method: "get",
  path: "/api/docs/:file",
  summary: "A script or style of the documentation's page",
  access: "public",
  params: z.object({ file: z.string().regex(/^[a-z0-9-]{1,40}\.(?:js|css|png)$/) }),
  responses: {
    200: {
      description: "The file",
      contentType: "text/javascript",
      otherContentTypes: ["text/css", "image/png"],
    },
  },
  problems: ["not_found"],
});

export const operations: readonly Operation[] = [
  listCircuits,
  resetCircuit,
  showDocs,
  getOpenApi,
  getDocsFile,
];
