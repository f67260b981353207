import assert from "node:assert/strict";
import { stringify } from "yaml";
import { CommandFailed } from "../cluster/run-command.ts";
import { kubectl, kubectlApply } from "./support/kubectl.ts";

const manifest = (spec: unknown): string =>
  stringify({
    apiVersion: "jatra.dev/v1alpha1",
    kind: "JatraPlatform",
    metadata: { name: "wrong" },
    spec,
  });

/** What the API server says to a wrong resource; fails when it takes it. */
const refusal = async (spec: unknown): Promise<string> => {
  try {
    await kubectlApply(manifest(spec));
  } catch (error) {
    assert.ok(error instanceof CommandFailed);
    return error.output;
  }
  await kubectl("delete", "jatraplatform", "wrong", "--wait=false");
  return assert.fail("the API server took it");
};

describe("a JatraPlatform that can't work", () => {
  it("is refused with the field and what to do: minimum above maximum", async () => {
    const words = await refusal({
      services: { booking: { autoscaling: { minReplicas: 9, maxReplicas: 3 } } },
    });
    assert.match(words, /spec\.services\.booking\.autoscaling/);
    assert.match(words, /minReplicas is greater than autoscaling\.maxReplicas/);
  });

  it("is refused: a service that doesn't exist", async () => {
    const words = await refusal({ services: { tea: { replicas: 1 } } });
    assert.match(words, /spec\.services/);
    assert.match(words, /no service/);
  });

  it("is refused: a number that is a word", async () => {
    const words = await refusal({ pgbouncer: { maxClientConnections: "many" } });
    assert.match(words, /spec\.pgbouncer\.maxClientConnections/);
  });

  it("is refused: more server than client connections", async () => {
    const words = await refusal({
      pgbouncer: { maxClientConnections: 50, maxServerConnections: 90 },
    });
    assert.match(words, /spec\.pgbouncer/);
  });
});
