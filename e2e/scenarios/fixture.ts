import type { Context } from "mocha";
import { deleteCluster } from "../cluster/kind-cluster.ts";
import { bringUpTestCluster } from "./support/bring-up.ts";
import { platformReady } from "./support/platform-ready.ts";
import { testCluster } from "./support/test-cluster.ts";

/** From nothing on two cores: node image 15 min, tools 5, images 10, platform 5; the rest is for a busy machine. */
const BRING_UP_TIMEOUT_MS = 45 * 60_000;
/** A platform that was brought up is Ready; one that is used again may still be rolling from the last scenario. */
const READY_WITHIN_MS = 600_000;

/**
 * The whole run shares one platform. `JATRA_E2E_REUSE=1` uses the cluster of the last run and leaves it there, for writing
 * scenarios; CI never sets it.
 */
const reuse = process.env["JATRA_E2E_REUSE"] === "1";

export const mochaHooks = {
  async beforeAll(this: Context): Promise<void> {
    this.timeout(BRING_UP_TIMEOUT_MS);
    if (!reuse) await bringUpTestCluster();
    await platformReady(READY_WITHIN_MS);
  },
  async afterAll(this: Context): Promise<void> {
    this.timeout(120_000);
    if (!reuse) await deleteCluster(testCluster.name);
  },
};
