import assert from "node:assert/strict";
import type { PlatformStatus } from "../../../src/api/status.ts";
import { circuitLines } from "../../../src/cli/gateway/circuit-table.ts";
import { createPaint, wantsColour } from "../../../src/cli/paint.ts";
import { withLiveFigures } from "../../../src/cli/status/live-figures.ts";
import { age, statusLines } from "../../../src/cli/status/status-table.ts";

const NO_COLOUR = createPaint(false);
const since = { lastTransitionTime: "2026-11-22T12:00:00Z", reason: "Because" };
const STATUS: PlatformStatus = {
  observedGeneration: 3,
  version: "1.2.3",
  gatewayURL: "http://localhost:30000",
  connectionBudget: { clientsMax: 1000, clientsNeeded: 978, serversMax: 100, serversPerPool: 50 },
  conditions: [
    { ...since, type: "Ready", status: "True", message: "Tickets can be sold." },
    { ...since, type: "Degraded", status: "False", message: "Nothing is wrong." },
    { ...since, type: "AutoscalingReady", status: "False", message: "No figures." },
    { ...since, type: "ProductionReady", status: "False", message: "PostgreSQL embedded." },
  ],
  services: [
    {
      name: "api-gateway",
      ready: 20,
      desired: 20,
      updated: 20,
      image: "jatra/api-gateway:1.2.3",
      autoscaling: {
        minReplicas: 3,
        maxReplicas: 20,
        currentReplicas: 20,
        currentCPUUtilizationPercentage: 95,
      },
    },
    { name: "payment-simulator", ready: 0, desired: 1, updated: 0, image: "jatra/s:1.2.3" },
  ],
};
const VIEW = {
  platform: "jatra/jatra",
  ageSeconds: 2460,
  generation: 3,
  status: STATUS,
  cpuTargets: new Map([["api-gateway", 60]]),
};

describe("the status on one screen", () => {
  it("says what is true, then every service", () => {
    assert.deepEqual(statusLines(VIEW, NO_COLOUR), [
      "jatra/jatra  version 1.2.3  http://localhost:30000  41m old",
      "connections at the maxima: 978 of 1000 clients; to PostgreSQL at most 100",
      "",
      "✔  Ready             Tickets can be sold.",
      "✔  Degraded          Nothing is wrong.",
      "✘  AutoscalingReady  No figures.",
      "•  ProductionReady   PostgreSQL embedded.",
      "",
      "SERVICE            READY        CPU         SCALE                   IMAGE",
      "api-gateway        20/20        95% of 60%  20 of 3–20  ██████████  jatra/api-gateway:1.2.3",
      "payment-simulator  0/1 (0 new)              fixed                   jatra/s:1.2.3",
    ]);
  });

  it("has the autoscalers' present figures, and of the others what was told last", () => {
    const figures = new Map([["api-gateway", 7]]);
    const status = withLiveFigures(STATUS, figures);
    const gateway = statusLines({ ...VIEW, status }, NO_COLOUR).find((line) =>
      line.startsWith("api-"),
    );
    assert.match(gateway ?? "", /7% of 60%/);
    assert.deepEqual(withLiveFigures(STATUS, new Map()), STATUS);
  });

  it("colours what wants an eye, and keeps the columns", () => {
    const coloured = statusLines(VIEW, createPaint(true));
    // oxlint-disable-next-line no-control-regex
    const stripped = coloured.map((line) => line.replaceAll(/\u001B\[\d+m/g, "").trimEnd());
    assert.deepEqual(stripped, statusLines(VIEW, NO_COLOUR));
    assert.ok(coloured.some((line) => line.includes("\u001B[31m20 of 3–20\u001B[0m")));
  });

  it("cuts a long message to the terminal's width", () => {
    const lines = statusLines({ ...VIEW, columns: 41 }, NO_COLOUR);
    assert.equal(lines[6], "•  ProductionReady   PostgreSQL embedded.");
    assert.equal(statusLines({ ...VIEW, columns: 30 }, NO_COLOUR)[6], lines[6]);
    const long = { ...STATUS, conditions: STATUS.conditions?.slice(0, 1) };
    const message = "Tickets can be sold. ".repeat(9);
    const conditions = (long.conditions ?? []).map((one) => ({ ...one, message }));
    const [, , , line] = statusLines(
      { ...VIEW, status: { ...long, conditions }, columns: 60 },
      NO_COLOUR,
    );
    assert.equal(line?.length, 60);
    assert.ok(line?.endsWith("…"));
  });

  it("says that the operator is behind, or hasn't spoken at all", () => {
    const behind = statusLines({ ...VIEW, generation: 4 }, NO_COLOUR);
    assert.equal(behind[2], "The operator hasn't looked at the newest spec yet.");
    const silent = statusLines({ ...VIEW, status: undefined }, NO_COLOUR);
    assert.equal(silent.at(-1), "No status yet: is the operator running?");
  });

  it("says ages as kubectl does", () => {
    assert.deepEqual([30, 119, 120, 7200, 200_000].map(age), ["30s", "119s", "2m", "2h", "2d"]);
  });

  it("has colours on a terminal alone, and not where they aren't wanted", () => {
    assert.equal(wantsColour(true, {}), true);
    assert.equal(wantsColour(false, {}), false);
    assert.equal(wantsColour(true, { NO_COLOR: "1" }), false);
    assert.equal(wantsColour(true, { TERM: "dumb" }), false);
  });
});

describe("the table of circuits", () => {
  it("shows the worst state of a service and how many pods are in it", () => {
    const circuit = (service: string, state: "open" | "closed", probeInMs = 0) => ({
      service,
      state,
      failures: state === "open" ? 5 : 0,
      probeInMs,
    });
    const pods = [
      { pod: "a", circuits: [circuit("booking", "closed"), circuit("auth", "closed")] },
      { pod: "b", circuits: [circuit("booking", "open", 12_300), circuit("auth", "closed")] },
    ];
    assert.deepEqual(circuitLines({ complete: false, pods }, NO_COLOUR), [
      "SERVICE  STATE   PODS  FAILURES  NEXT PROBE",
      "auth     closed  2/2   0",
      "booking  open    1/2   5         in 13 s",
      "",
      "Redis is away: this is the word of one gateway pod.",
    ]);
  });
});
