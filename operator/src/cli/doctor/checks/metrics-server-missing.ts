import { found, type Check } from "../evidence.ts";

/** Without figures of CPU no HPA moves. */
export const metricsServerMissing: Check = {
  name: "metrics-server",
  examine: ({ metricsApi, platform }) => {
    if ("obstacle" in metricsApi) return metricsApi;
    const scaled = platform.services.filter(({ autoscaling }) => autoscaling !== undefined);
    if (metricsApi.found || scaled.length === 0) return found([]);
    return found([
      {
        severity: "problem",
        what: `Nobody answers for metrics.k8s.io: ${scaled.length} autoscalers stand still.`,
        todo: [
          "kubectl get deployment metrics-server -n kube-system",
          "kubectl describe apiservice v1beta1.metrics.k8s.io",
          "Install metrics-server if there is none; in kind it needs --kubelet-insecure-tls.",
        ],
      },
    ]);
  },
};
