import type { Finding, View } from "../view.ts";

export function paused({ platform }: View): Finding {
  return platform.paused
    ? {
        type: "Paused",
        status: "True",
        reason: "PausedBySpec",
        message: "spec.paused is true: the operator changes nothing.",
      }
    : { type: "Paused", status: "False", reason: "Active", message: "The operator is at work." };
}
