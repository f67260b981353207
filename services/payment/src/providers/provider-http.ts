import { exchange, LateAnswerError } from "@jatra/common/http/exchange.ts";
import { Agent } from "undici";

export type ProviderCall = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/** `ok`: there was an answer with JSON, whatever its status. `cause`: `timeout`, `connection` or `malformed`. */
export type ProviderAnswer =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  | { readonly ok: false; readonly cause: "timeout" | "connection" | "malformed" };

export type ProviderHttp = { readonly call: (call: ProviderCall) => Promise<ProviderAnswer> };

/** As many as payments may be in flight at a time, and some questions beside them. */
const CONNECTIONS_MAX = 544;

/** HTTP to a provider, which may do anything: every way to fail is an answer, since money may have moved all the same. */
export const createProviderHttp = (options: {
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
}): ProviderHttp => {
  const dispatcher = new Agent({ connections: CONNECTIONS_MAX });
  const { origin, pathname } = new URL(options.baseUrl);
  const folder = pathname === "/" ? "" : pathname;
  return {
    call: async (call) => {
      const { method, path, timeoutMs } = call;
      const headers = { ...options.headers, ...contentType(call), ...call.headers };
      const request = { origin, path: `${folder}${path}`, method, headers, body: bodyOf(call) };
      try {
        const { status, text } = await exchange(dispatcher, request, timeoutMs);
        return { ok: true, status, body: JSON.parse(text) };
      } catch (error) {
        if (error instanceof LateAnswerError) return { ok: false, cause: "timeout" };
        return { ok: false, cause: error instanceof SyntaxError ? "malformed" : "connection" };
      }
    },
  };
};

const contentType = ({ json, form }: ProviderCall): Record<string, string> => {
  if (json !== undefined) return { "content-type": "application/json" };
  return form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
};

const bodyOf = ({ json, form }: ProviderCall): string | null => {
  if (json !== undefined) return JSON.stringify(json);
  return form === undefined ? null : new URLSearchParams(form).toString();
};
