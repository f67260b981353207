import assert from "node:assert/strict";
import { downOptions, upOptions } from "../../../cluster/options.ts";

describe("options of up and down", () => {
  it("takes a context and the registry that goes with it", () => {
    const args = ["--context", "staging", "--registry", "registry.example.com/jatra/"];
    assert.deepEqual(upOptions(args), {
      context: "staging",
      registry: "registry.example.com/jatra",
    });
    assert.deepEqual(upOptions([]), {});
    assert.deepEqual(downOptions(["--purge"]), { purge: true });
  });

  const refusals = [
    { name: "an unknown option", args: ["--frobnicate"], message: /--frobnicate.*--help/ },
    { name: "an option without its value", args: ["--context"], message: /--context.*--help/ },
    {
      name: "a registry without a context",
      args: ["--registry", "r"],
      message: /goes with --context/,
    },
    { name: "a stray word", args: ["production"], message: /production.*--help/ },
  ];
  for (const { name, args, message } of refusals) {
    it(`refuses ${name} with one sentence`, () => {
      assert.throws(() => upOptions(args), { name: "Failure", message });
    });
  }
});
