import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import { jsonPath } from "./kubectl.ts";

const READY = "{.status.conditions[?(@.type=='Ready')].status}";

/** Waits until the platform says that it is Ready. */
export const platformReady = (deadlineMs: number): Promise<void> =>
  eventually("the platform is Ready", deadlineMs, async () => {
    assert.equal(await jsonPath("jatraplatform", "jatra", READY), "True");
  });
