import { readAutoscaler } from "../read-objects.ts";
import { childNamed, type Finding, type View } from "../view.ts";

/** Every HPA gets figures and acts on them. Not a part of Ready: the minimum serves without. */
export function autoscalingReady(view: View): Finding {
  const type = "AutoscalingReady";
  const scaled = view.platform.services.filter(({ autoscaling }) => autoscaling !== undefined);
  if (scaled.length === 0) {
    const message = "Autoscaling is switched off for every service.";
    return { type, status: "True", reason: "NoAutoscaling", message };
  }
  const idle = scaled.flatMap(({ facts }) => {
    const found = readAutoscaler(childNamed(view, "HorizontalPodAutoscaler", facts.name));
    if (found?.active === true) return [];
    return [`${facts.name} (${found?.reason ?? "Absent"})`];
  });
  if (idle.length === 0) {
    const message = `${scaled.length} autoscalers are active.`;
    return { type, status: "True", reason: "ScalingActive", message };
  }
  return {
    type,
    status: "False",
    reason: "ScalingInactive",
    message: `No figures for ${idle.join(", ")}: is metrics-server running?`,
  };
}
