import assert from "node:assert/strict";
import { readArguments } from "../../../src/cli/arguments.ts";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { commandHelp, generalHelp } from "../../../src/cli/help.ts";
import { run } from "../../../src/cli/run.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";

describe("the command line", () => {
  it("takes options before and after the command", () => {
    const { command, operands, options } = readArguments([
      "-n",
      "trains",
      "circuits",
      "reset",
      "booking",
      "-o",
      "json",
    ]);
    assert.deepEqual([command, operands], ["circuits", ["reset", "booking"]]);
    assert.deepEqual([options.namespace, options.isJson], ["trains", true]);
  });

  for (const [words, message] of [
    [["plan", "--watch"], /plan has no option --watch/],
    [["status", "-o", "yaml"], /--output is text or json, not yaml/],
    [["status", "--frobnicate"], /Unknown option '--frobnicate'/],
    [["stats"], /stats is no command; there is status, plan/],
    [["pause", "everything"], /pause doesn't know what to do with everything/],
  ] as const) {
    it(`refuses ${words.join(" ")} before it connects to anything`, async () => {
      await assert.rejects(run(words), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("has a line in the help for every command, and a help for each", () => {
    const general = generalHelp(COMMANDS).join("\n");
    for (const command of COMMANDS) {
      assert.ok(general.includes(command.summary));
      const own = commandHelp(command);
      assert.match(own[0] ?? "", new RegExp(`^Usage: jatractl ${command.name}`));
      assert.ok(own.every((line) => line.length <= 100));
    }
  });
});
