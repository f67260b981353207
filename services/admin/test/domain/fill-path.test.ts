import assert from "node:assert/strict";
import { fillPath } from "../../src/domain/fill-path.ts";

describe("filling a path", () => {
  it("puts the parameters in their places", () => {
    assert.equal(
      fillPath("/api/bookings/:bookingId/cancel", { bookingId: "b-1" }),
      "/api/bookings/b-1/cancel",
    );
    assert.equal(fillPath("/api/stations", {}), "/api/stations");
  });

  it("lets no parameter leave its segment", () => {
    const path = "/api/stations/:id";
    assert.equal(fillPath(path, { id: "A/../B?x#y" }), "/api/stations/A%2F..%2FB%3Fx%23y");
    assert.throws(() => fillPath(path, { id: ".." }), { code: "not_found" });
    assert.throws(() => fillPath(path, { id: "." }), { code: "not_found" });
    assert.throws(() => fillPath(path, {}));
  });
});
