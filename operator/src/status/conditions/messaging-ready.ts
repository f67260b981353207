import { RABBITMQ } from "../../metadata/names.ts";
import { readWorkload } from "../read-objects.ts";
import { childNamed, secretFinding, type Finding, type View } from "../view.ts";

/** RabbitMQ answers, and exchanges, queues, bindings and policies are as they should be. */
export function messagingReady(view: View): Finding {
  const type = "MessagingReady";
  const incomplete = secretFinding(view, type, "rabbitmq");
  if (incomplete !== undefined) return incomplete;
  const embedded = view.platform.rabbitmq.embedded !== undefined;
  if (embedded && readWorkload(childNamed(view, "StatefulSet", RABBITMQ)).ready === 0) {
    const message = "RabbitMQ doesn't answer yet.";
    return { type, status: "False", reason: "StoreNotReady", message };
  }
  const { messaging } = view;
  switch (messaging.state) {
    case "declared":
      return {
        type,
        status: "True",
        reason: "TopologyDeclared",
        message: "RabbitMQ answers; exchanges, queues and policies are declared.",
      };
    case "wrong": {
      const message = messaging.problems.join(" ");
      return { type, status: "False", reason: "TopologyWrong", message };
    }
    case "waiting":
    default:
      return { type, status: "False", reason: "TopologyPending", message: messaging.message };
  }
}
