import { GROUP, KIND, PLURAL, SHORT_NAME, VERSION } from "./platform.ts";
import { platformSpec } from "./spec.ts";
import { platformStatus } from "./status.ts";
import { structuralSchema, type JsonObject } from "./structural-schema.ts";

/** The CustomResourceDefinition, from the zod schema alone. */
export function customResourceDefinition(): JsonObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${PLURAL}.${GROUP}` },
    spec: {
      group: GROUP,
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: PLURAL,
        singular: "jatraplatform",
        shortNames: [SHORT_NAME],
      },
      scope: "Namespaced",
      versions: [version()],
    },
  };
}

function version(): JsonObject {
  return {
    name: VERSION,
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: [
      column("Ready", "string", `.status.conditions[?(@.type=="Ready")].status`),
      column("Version", "string", ".status.version"),
      column("Gateway URL", "string", ".status.gatewayURL"),
      column("Age", "date", ".metadata.creationTimestamp"),
    ],
    schema: {
      openAPIV3Schema: {
        type: "object",
        description:
          "A railway ticketing platform: gateway, services, connection pool and stores. One a namespace.",
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { type: "object" },
          spec: {
            ...structuralSchema(platformSpec),
            description:
              "What the platform should be. All of it may be left out: spec: {} is a whole platform with embedded stores.",
          },
          status: {
            ...structuralSchema(platformStatus),
            description: "What the operator found to be true.",
          },
        },
        required: ["spec"],
      },
    },
  };
}

function column(name: string, type: string, jsonPath: string): JsonObject {
  return { name, type, jsonPath };
}
