import { once } from "node:events";
import { z } from "zod";

/** Bytes of a Node process right after a full garbage collection: of live objects, and of all its memory. */
export type Memory = { readonly heapBytes: number; readonly residentBytes: number };

export type Inspector = {
  readonly memory: () => Promise<Memory>;
  readonly close: () => void;
};

const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.url() }));
const answerSchema = z.object({ id: z.int(), result: z.unknown() });
const usageSchema = z.object({
  result: z.object({
    value: z.object({ rss: z.number(), heapUsed: z.number(), external: z.number() }),
  }),
});

/** Asks a process that runs with `--inspect=<port>` from outside, so that it needs no code for being measured. */
export const openInspector = async (port: number): Promise<Inspector> => {
  const list = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = targetsSchema.parse(await list.json());
  if (!target) throw new Error(`nothing is to be inspected at port ${port}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, "open");
  const ask = createAsker(socket);
  return {
    memory: async () => {
      // The first one lets finalizers run, whose objects the second one takes.
      await ask("HeapProfiler.collectGarbage", {});
      await ask("HeapProfiler.collectGarbage", {});
      const answer = await ask("Runtime.evaluate", {
        expression: "process.memoryUsage()",
        returnByValue: true,
      });
      const { rss, heapUsed, external } = usageSchema.parse(answer).result.value;
      return { heapBytes: heapUsed + external, residentBytes: rss };
    },
    close: () => socket.close(),
  };
};

const createAsker = (
  socket: WebSocket,
): ((method: string, params: Record<string, unknown>) => Promise<unknown>) => {
  const waiting = new Map<number, (result: unknown) => void>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    // Events have no id; nobody here has asked for any.
    const answer = answerSchema.safeParse(JSON.parse(String(data))).data;
    if (!answer) return;
    waiting.get(answer.id)?.(answer.result);
    waiting.delete(answer.id);
  });
  return (method, params) => {
    last += 1;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(last, resolve);
    socket.send(JSON.stringify({ id: last, method, params }));
    return promise;
  };
};
