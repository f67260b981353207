import assert from "node:assert/strict";
import { ApplyMemory } from "../../../src/controller/apply-memory.ts";
import { Contests } from "../../../src/controller/contests.ts";
import { applyChild } from "../../../src/controller/apply-child.ts";
import { desired } from "../../../src/desired/index.ts";
import type { ApiClient } from "../../../src/runtime/api-client.ts";
import { ApiError } from "../../../src/runtime/api-error.ts";
import { finishedJob } from "../../support/observed-fixture.ts";
import { contextWith } from "../../support/platform-fixture.ts";

const context = contextWith();
const job = desired(context).find(({ manifest }) => manifest.kind === "Job") ?? assert.fail();
const before = finishedJob(job.manifest.metadata.name, "Complete");

/** An API server that refuses every write for the given reason; counts them. */
function refusing(message: string) {
  const calls: string[] = [];
  const client: ApiClient = {
    call: async ({ method, path }) => {
      calls.push(method);
      const causes = [{ reason: "FieldValueInvalid", message, field: "spec.template" }];
      throw new ApiError(path, 422, { message, details: { causes } });
    },
    lines: () => assert.fail("nothing is watched here"),
    close: async () => undefined,
  };
  return { client, calls };
}

describe("a Job that is there", () => {
  it("stays as it is when a newer operator would write it in other words", async () => {
    const { client, calls } = refusing("Invalid value: …: field is immutable");
    const tools = { client, memory: new ApplyMemory(), contests: new Contests() };
    const first = await applyChild(tools, context.platform, job, before);
    assert.deepEqual(first, { outcome: "unchanged" });
    await applyChild(tools, context.platform, job, before);
    assert.equal(calls.length, 1, "it is tried once, not with every run");
  });

  it("is refused loudly for any other reason", async () => {
    const { client } = refusing("Required value");
    const tools = { client, memory: new ApplyMemory(), contests: new Contests() };
    await assert.rejects(applyChild(tools, context.platform, job, before), /Required value/);
  });
});
