import { readdirSync } from "node:fs";
import { basename } from "node:path";
import type { Operation } from "@jatra/contracts/operation.ts";
import { z } from "zod";
import type { OperationGroup } from "./create-document.ts";

const folder = new URL("../../../contracts/src/http/", import.meta.url);

/** The operations come typed from `operation(…)`; here it is only made sure that the module has them. */
const moduleSchema = z.object({
  operations: z.array(
    z.custom<Operation>((value) => typeof value === "object" && value !== null && "path" in value),
  ),
});

/** The contracts of all services; each file is named after its service's folder. */
export const loadOperations = async (): Promise<OperationGroup[]> => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  const groups: OperationGroup[] = [];
  for (const file of files.toSorted()) {
    const module: unknown = await import(new URL(file, folder).href);
    const { operations } = moduleSchema.parse(module);
    groups.push({ name: basename(file, ".ts"), operations });
  }
  return groups;
};
