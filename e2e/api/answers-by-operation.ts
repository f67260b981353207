import { loadOperations } from "@jatra/common/openapi/load-operations.ts";
import { services } from "@jatra/contracts/service-names.ts";

/** How often an operation answered each status. */
export type Answers = ReadonlyMap<number, number>;

const line = /^http_request_duration_seconds_count\{([^}]*)\} (\d+)$/gm;

/** What the gateway itself counted, by `GET /api/trains/:id`. */
export const answersByOperation = async (gatewayUrl: string): Promise<Map<string, Answers>> =>
  answersIn(await (await fetch(`${gatewayUrl}/metrics`)).text());

/** The same, out of the text of a pod's metrics. */
export const answersIn = (text: string): Map<string, Answers> => {
  const byOperation = new Map<string, Map<number, number>>();
  for (const [, labels = "", count = "0"] of text.matchAll(line)) {
    const label = (name: string): string =>
      new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    const key = `${label("method")} ${label("route")}`;
    const answers = byOperation.get(key) ?? new Map<number, number>();
    const status = Number(label("status"));
    answers.set(status, (answers.get(status) ?? 0) + Number(count));
    byOperation.set(key, answers);
  }
  return byOperation;
};

/** Every operation that clients reach, as the metrics name it. */
export const publicOperations = async (): Promise<readonly string[]> =>
  (await loadOperations())
    .filter(({ name }) => Object.hasOwn(services, name))
    .flatMap(({ operations }) => operations)
    .filter(({ access, path }) => access !== "internal" && path.startsWith("/api/"))
    .map(({ method, path }) => `${method.toUpperCase()} ${path}`);

/** What came between two looks. */
export const answersSince = (
  before: ReadonlyMap<string, Answers>,
  after: ReadonlyMap<string, Answers>,
  operation: string,
): Answers => {
  const earlier = before.get(operation);
  const entries = [...(after.get(operation) ?? [])].map(
    ([status, count]) => [status, count - (earlier?.get(status) ?? 0)] as const,
  );
  return new Map(entries.filter(([, count]) => count > 0));
};
