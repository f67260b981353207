import { apiGuide, chapters } from "@jatra/contracts/api-guide.ts";
import { createDocument, type OpenApiDocument, type OperationGroup } from "./create-document.ts";

/**
 * One document a service folder: its own operations, the internal ones too. The gateway's is what a client sees: the public operations of
 * all services under `/api`, and its own.
 */
export const createDocuments = (
  groups: readonly OperationGroup[],
): ReadonlyMap<string, OpenApiDocument> => {
  const documents = new Map<string, OpenApiDocument>();
  for (const group of groups) {
    if (group.name === GATEWAY) continue;
    const title = `Jatra: ${group.name}`;
    const description = `${generated} Paths under /api are reached through the gateway.`;
    documents.set(group.name, createDocument({ title, description, groups: [group] }));
  }
  documents.set(
    GATEWAY,
    createDocument({
      title: "Jatra",
      description: apiGuide,
      groups: inOrder(groups.map(throughGateway).filter((group) => group.operations.length > 0)),
    }),
  );
  return documents;
};

const GATEWAY = "api-gateway";
const generated = "Generated from the contracts in services/contracts; don't edit.";

const throughGateway = ({ name, operations }: OperationGroup): OperationGroup => ({
  name,
  operations: operations.filter(
    ({ access, path }) => access !== "internal" && (name === GATEWAY || path.startsWith("/api/")),
  ),
});

/** Throws for a group that has no chapter: a client would look for it in vain. */
const inOrder = (groups: readonly OperationGroup[]): OperationGroup[] => {
  const placeOf = ({ name }: OperationGroup): number => {
    const place = chapters.findIndex(({ service }) => service === name);
    if (place < 0) throw new Error(`api-guide.ts has no chapter for ${name}`);
    return place;
  };
  return groups
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((group) => ({ ...group, about: chapters[placeOf(group)]?.about ?? "" }));
};

/** The file's text: two spaces, a line's end at the end, so that diffs are small. */
export const documentText = (document: OpenApiDocument): string =>
  `${JSON.stringify(document, undefined, 2)}\n`;
