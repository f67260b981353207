import assert from "node:assert/strict";
import { CommandFailed, run } from "../../../cluster/run-command.ts";

const module = new URL("../../../cluster/run-command.ts", import.meta.url).href;
/** Ends when nothing keeps it alive. */
const asking = `import(${JSON.stringify(module)}).then((m) => m.outputOf("jatra-no-such-command", []))`;

describe("a command", () => {
  it("that isn't there keeps nobody waiting for its time limit", async () => {
    await run(process.execPath, ["-e", asking], { timeoutMs: 15_000 });
  });

  it("is killed at its time limit, and counts as failed", async () => {
    const startedMs = performance.now();
    await assert.rejects(run("sleep", ["60"], { timeoutMs: 50 }), CommandFailed);
    assert.ok(performance.now() - startedMs < 30_000);
  });

  it("answers what it printed, and fails with what it said", async () => {
    assert.equal(await run("sh", ["-c", "cat; echo two"], { input: "one\n" }), "one\ntwo\n");
    await assert.rejects(run("sh", ["-c", "echo why >&2; exit 3"]), /failed \(3\): why/);
  });
});
