import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { endProcess } from "../../processes/service-child.ts";
import type { SeatAnswer, SeatCommand } from "./seat-commands.ts";
import type { PodMessage, PodSettings } from "./seat-pod.ts";

type Answered = {
  readonly number: number;
  readonly answer: SeatAnswer | { readonly error: string };
};
type Waiting = {
  readonly resolve: (answer: SeatAnswer) => void;
  readonly reject: (error: Error) => void;
};

export type Pod = {
  /** Down while a successor starts: whoever asks then is refused, and nothing came of it. */
  readonly isUp: () => boolean;
  /** Rejects where the pod can't say what became of the command, or died over it. */
  readonly ask: (command: SeatCommand) => Promise<SeatAnswer>;
  /** `kill -9`, and a successor. */
  readonly killAndRestart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Starts `seat-pod.ts` in a process of its own; resolves when its stores answer. */
export const startPod = async (settings: PodSettings): Promise<Pod> => {
  const waiting = new Map<number, Waiting>();
  let number = 0;
  let child = await spawn(settings, waiting);
  let up = true;
  return {
    isUp: () => up,
    ask: (command) =>
      new Promise((resolve, reject) => {
        number += 1;
        waiting.set(number, { resolve, reject });
        child.send({ number, command } satisfies PodMessage, (error) => {
          if (error) reject(error);
        });
      }),
    killAndRestart: async () => {
      up = false;
      await endProcess(child, "SIGKILL");
      child = await spawn(settings, waiting);
      up = true;
    },
    stop: () => endProcess(child, "SIGKILL"),
  };
};

const spawn = async (
  settings: PodSettings,
  waiting: Map<number, Waiting>,
): Promise<ChildProcess> => {
  const file = fileURLToPath(new URL("seat-pod.ts", import.meta.url));
  const child = fork(file, [JSON.stringify(settings)]);
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("a pod ended before it was ready"))),
  ]);
  child.on("message", ({ number, answer }: Answered) => {
    const asked = waiting.get(number);
    waiting.delete(number);
    if ("error" in answer) asked?.reject(new Error(answer.error));
    else asked?.resolve(answer);
  });
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("the pod died"));
    waiting.clear();
  });
  return child;
};
