import assert from "node:assert/strict";
import {
  deliverDue,
  type DeliveryEnd,
  type DueDelivery,
  type Outlet,
} from "../../src/domain/deliver-due.ts";

const due = (other: Partial<DueDelivery> = {}): DueDelivery => ({
  notificationId: "n-1",
  channel: "email",
  attempts: 1,
  to: "traveller@example.com",
  subject: "Title",
  text: "Body",
  outdated: false,
  ...other,
});

describe("delivering what is due", () => {
  const run = async (delivery: DueDelivery, send: Outlet["send"]): Promise<DeliveryEnd[]> => {
    const queue = [[delivery]];
    const ends: DeliveryEnd[] = [];
    await deliverDue({
      deliveries: {
        leaseDue: async () => queue.shift() ?? [],
        end: async (_delivery, end) => void ends.push(end),
      },
      outlet: { send },
      onEnd: () => undefined,
    });
    return ends;
  };
  const taken: Outlet["send"] = async () => ({ kind: "taken" });

  it("sends under an id that stays the same, and is done when it is taken", async () => {
    const sent: unknown[] = [];
    const send: Outlet["send"] = async (message) => {
      sent.push(message);
      return { kind: "taken" };
    };
    assert.deepEqual(await run(due({ attempts: 4 }), send), [{ status: "DELIVERED" }]);
    assert.deepEqual(sent, [
      { id: "n-1:email", channel: "email", to: due().to, subject: "Title", text: "Body" },
    ]);
  });

  it("tries again after a busy or lost answer, later each time, and gives up at the tenth", async () => {
    const busy: Outlet["send"] = async () => ({ kind: "busy", reason: "status 503" });
    const lost: Outlet["send"] = async () => {
      throw new Error("reset");
    };
    const [first] = await run(due(), busy);
    assert.ok(first?.status === "PENDING" && first.pauseSeconds <= 5);
    const [ninth] = await run(due({ attempts: 9 }), lost);
    assert.ok(ninth?.status === "PENDING" && ninth.pauseSeconds >= 600);
    const [tenth] = await run(due({ attempts: 10 }), busy);
    assert.deepEqual(tenth, { status: "FAILED", reason: "status 503" });
  });

  it("gives up at once what the outlet refuses", async () => {
    const refused: Outlet["send"] = async () => ({ kind: "refused", reason: "status 400" });
    assert.deepEqual(await run(due(), refused), [{ status: "FAILED", reason: "status 400" }]);
  });

  it("sends no news that is outdated", async () => {
    assert.deepEqual(await run(due({ outdated: true }), taken), [
      { status: "FAILED", reason: "outdated" },
    ]);
  });

  it("waits for an address that isn't known yet", async () => {
    const [end] = await run(due({ channel: "sms", to: null }), taken);
    assert.ok(end?.status === "PENDING" && end.reason === "address unknown");
  });
});
