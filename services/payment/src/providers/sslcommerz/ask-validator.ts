import type { z } from "zod";
import { QUERY_TIMEOUT_MS } from "../../domain/provider-limits.ts";
import type { ProviderHttp } from "../provider-http.ts";
import { loginFields, type StoreLogin } from "./session-fields.ts";

/** Answers a GET of SSLCommerz's validator, or `undefined` when there was none that can be read. */
export type AskValidator = <S extends z.ZodType>(
  file: string,
  fields: Readonly<Record<string, string>>,
  schema: S,
) => Promise<z.infer<S> | undefined>;

export const createAskValidator =
  (http: ProviderHttp, login: StoreLogin): AskValidator =>
  async (file, fields, schema) => {
    const query = new URLSearchParams({ ...loginFields(login), ...fields });
    const answer = await http.call({
      method: "GET",
      path: `/validator/api/${file}?${query.toString()}`,
      timeoutMs: QUERY_TIMEOUT_MS,
    });
    return answer.ok ? schema.safeParse(answer.body).data : undefined;
  };
