import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { Agent, request as httpRequest } from "undici";
import { testIdentity, type TestPerson } from "./test-identity.ts";

export type TestAnswer = {
  readonly status: number;
  /** Parsed JSON; the text where it isn't JSON; `undefined` where there is none. */
  readonly body: unknown;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

export type TestRequest = {
  /** An object is sent as JSON, a string or Buffer as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly identity?: TestPerson;
};

export type TestApp = {
  readonly url: string;
  readonly request: (method: string, path: string, options?: TestRequest) => Promise<TestAnswer>;
  readonly close: () => Promise<void>;
};

/**
 * Serves an app on a free port of 127.0.0.1, or on `port` where somebody had to know it before. `close` it in `after`: its
 * connections would keep mocha alive.
 */
export const startTestApp = async (app: RequestListener, port = 0): Promise<TestApp> => {
  const server = createServer(app);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  const url = `http://127.0.0.1:${address.port}`;
  const dispatcher = new Agent();
  return {
    url,
    request: async (method, path, options = {}) => {
      const answer = await httpRequest(new URL(path, url), {
        dispatcher,
        method,
        headers: headersOf(options),
        body: bodyOf(options.body),
      });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      return {
        status: answer.statusCode,
        headers: answer.headers,
        bytes,
        body: parsed(bytes, String(answer.headers["content-type"] ?? "")),
      };
    },
    close: async () => {
      await dispatcher.close();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
};

const headersOf = ({ body, headers, identity }: TestRequest): Record<string, string> => ({
  ...(body === undefined ? {} : { "content-type": "application/json" }),
  ...(identity ? testIdentity(identity).headers : {}),
  ...headers,
});

const bodyOf = (body: unknown): string | Buffer | null => {
  if (body === undefined) return null;
  return typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
};

const parsed = (bytes: Buffer, contentType: string): unknown => {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString("utf8");
  return /[/+]json\b/.test(contentType) ? JSON.parse(text) : text;
};
