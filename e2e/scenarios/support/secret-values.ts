import { z } from "zod";
import { kubectl } from "./kubectl.ts";

const schema = z.object({ data: z.record(z.string(), z.string()) });

/** What a Secret of the platform holds, decoded. */
export const secretValues = async (name: string): Promise<Readonly<Record<string, string>>> => {
  const { data } = schema.parse(JSON.parse(await kubectl("get", "secret", name, "-o", "json")));
  const decoded = (text: string) => Buffer.from(text, "base64").toString();
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, decoded(text)]));
};
