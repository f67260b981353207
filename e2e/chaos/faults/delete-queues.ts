import { queues } from "@jatra/contracts/topology.ts";
import { declareTopology } from "@jatra/testing/test-vhost.ts";
import { again } from "./again.ts";
import type { Fault } from "./fault.ts";
import { pause } from "./pause.ts";

/** As long as the operator takes to notice, or a person to be sorry. */
const AWAY_MS = 300;

/**
 * Queues vanish with all that they hold, confirmed messages and ones in consumers' hands, and are made anew a moment later. Consumers
 * are cancelled without their connection breaking; what is published meanwhile reaches the other queues only.
 */
export const deleteQueues: Fault = {
  name: "RabbitMQ's queues deleted with what they hold, and made anew",
  inject: async ({ vhost }, signal) => {
    const names = Object.keys(queues);
    let next = 0;
    return again(signal, [100, 600], async () => {
      const name = names[next % names.length] ?? "";
      next += 1;
      await vhost.manage("DELETE", `/queues/{vhost}/${name}`);
      await pause(AWAY_MS, signal);
      await declareTopology({ vhost: vhost.name });
    });
  },
};
