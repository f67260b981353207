import type { Cluster } from "../cluster/kind-cluster.ts";
import { startOperator, type OperatorProcess } from "./operator-process.ts";

export type KeptOperator = Pick<OperatorProcess, "figures" | "cpuMs" | "stop"> & {
  /** How often it ended by itself so far. */
  readonly restarts: () => number;
};

/**
 * The operator, started again whenever it ends by itself, as a kubelet does: it ends when it loses its Lease, which happens on an
 * API server that is out of breath. What `figures` and `cpuMs` count begins anew with each start.
 */
export const keepOperator = async (cluster: Cluster): Promise<KeptOperator> => {
  let operator = await startOperator(cluster);
  let starting: Promise<void> | undefined;
  let restarts = 0;
  let isStopping = false;

  const keep = async (): Promise<void> => {
    await operator.ended;
    if (isStopping) return;
    restarts += 1;
    operator = await startOperator(cluster);
    watch();
  };
  const watch = (): void => {
    starting = keep();
    // Who asks for figures hears of a start that failed.
    starting.catch(() => undefined);
  };
  watch();

  return {
    figures: async () => {
      try {
        return await operator.figures();
      } catch (error) {
        if (isStopping) throw error;
        await starting;
        return operator.figures();
      }
    },
    cpuMs: () => operator.cpuMs(),
    restarts: () => restarts,
    stop: async () => {
      isStopping = true;
      await operator.stop();
    },
  };
};
