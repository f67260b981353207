import assert from "node:assert/strict";
import { figuresSince } from "../../scenarios/support/gateway-figures.ts";
import { isClean } from "../../scenarios/support/load-gateway.ts";

const report = `Concurrency Level:      100
Complete requests:      10000
Failed requests:        0
Total transferred:      77880000 bytes
`;

describe("the guide's load", () => {
  it("went well when every request was answered with a 2xx", () => {
    assert.ok(isClean(report, 10_000));
  });

  for (const [what, other] of [
    ["requests are missing", report.replace("10000", "9993")],
    ["requests have failed", report.replace("requests:        0", "requests:        7")],
    ["answers were no 2xx", `${report}Non-2xx responses:      7\n`],
    ["ab gave up", "apr_socket_recv: Connection reset by peer (104)\nTotal of 812 requests"],
  ] as const) {
    it(`didn't when ${what}`, () => assert.ok(!isClean(other, 10_000)));
  }

  it("is told by what each gateway has counted since, also one that is new", () => {
    const before = new Map([
      ["one requests status=200", 5],
      ["one requests status=503", 2],
      ["gone requests status=200", 9],
    ]);
    const after = new Map([
      ["one requests status=200", 8],
      ["one requests status=503", 2],
      ["new requests status=503", 4],
    ]);
    assert.deepEqual(figuresSince(before, after), [
      "one requests status=200: 3",
      "new requests status=503: 4",
    ]);
  });
});
