import type { Dispatcher } from "undici";

export type ExchangeRequest = {
  readonly origin: string;
  readonly path: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

export type ExchangeAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

/** There was no whole answer in time; the request may have had its effect. */
export class LateAnswerError extends Error {
  override readonly name = "LateAnswerError";
}

/**
 * One request and its whole answer, over a dispatcher's connections, within `timeoutMs` from now. By undici's own handlers: `request`
 * makes a stream of every answer, and an abort signal costs as much as the rest of a small call.
 */
export const exchange = (
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  timeoutMs: number,
): Promise<ExchangeAnswer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let headers: ExchangeAnswer["headers"] = {};
    let running: Dispatcher.DispatchController | undefined;
    let late: Error | undefined;
    const timer = setTimeout(() => {
      late = new LateAnswerError(`no answer within ${timeoutMs} ms`);
      running?.abort(late);
      reject(late);
    }, timeoutMs);
    dispatcher.dispatch(
      { ...request },
      {
        onRequestStart: (controller) => {
          running = controller;
          // It waited for a connection for too long.
          if (late) controller.abort(late);
        },
        onResponseStart: (_controller, statusCode, received) => {
          status = statusCode;
          headers = received;
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => {
          clearTimeout(timer);
          resolve({ status, headers, text: Buffer.concat(chunks).toString("utf8") });
        },
        onResponseError: (_controller, error) => {
          clearTimeout(timer);
          reject(error);
        },
      },
    );
  });
