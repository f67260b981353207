import type { OperationGroup } from "@jatra/common/openapi/create-document.ts";

/** One document of all services, made at the first request (library included): hardly any pod is ever asked. */
export const createOpenApi = (groups: readonly OperationGroup[]): (() => Promise<Buffer>) => {
  let made: Promise<Buffer> | undefined;
  return async () => {
    made ??= make(groups);
    return made;
  };
};

const make = async (groups: readonly OperationGroup[]): Promise<Buffer> => {
  const { createDocuments, documentText } = await import("@jatra/common/openapi/documents.ts");
  const document = createDocuments(groups).get("api-gateway");
  if (!document) throw new Error("the contracts have no document for the gateway");
  return Buffer.from(documentText(document));
};
