import { insideURL } from "../gateway-url.ts";
import { balancerAddress } from "../read-objects.ts";
import { childNamed, type Finding, type View } from "../view.ts";

/**
 * The way to the gateway that the spec asks for is there. Not a part of Ready: load balancers and ingress controllers are the
 * cluster's, and without one tickets are sold inside it.
 */
export function gatewayExposed(view: View): Finding {
  const type = "GatewayExposed";
  const waits = [ingressWaits(view), balancerWaits(view)].filter((text) => text !== undefined);
  if (waits.length === 0 && !view.isCertificateThere) {
    return {
      type,
      status: "False",
      reason: "CertificateMissing",
      message: certificateMissing(view),
    };
  }
  if (waits.length > 0) {
    const message = `${waits.join(" ")} Inside the cluster the gateway answers at ${insideURL(view)}.`;
    return { type, status: "False", reason: "WaitingForAddress", message };
  }
  return { type, status: "True", ...wayOf(view) };
}

function certificateMissing({ platform }: View): string {
  return (
    `Secret ${platform.gateway.ingress?.tlsSecretName} (spec.gateway.ingress.tlsSecretName) doesn't exist: ` +
    "until then the ingress controller answers https with a certificate of its own."
  );
}

function ingressWaits(view: View): string | undefined {
  const wanted = view.platform.gateway.ingress;
  if (wanted === undefined) return undefined;
  if (balancerAddress(childNamed(view, "Ingress", "api-gateway")) !== undefined) return undefined;
  const { ingressClassName } = wanted;
  const whose = ingressClassName === undefined ? "" : ` of class ${ingressClassName}`;
  return (
    `No ingress controller${whose} has given Ingress api-gateway an address yet: ` +
    "the cluster needs one that spec.gateway.ingress.ingressClassName names."
  );
}

function balancerWaits(view: View): string | undefined {
  if (view.platform.gateway.type !== "LoadBalancer") return undefined;
  if (balancerAddress(childNamed(view, "Service", "api-gateway")) !== undefined) return undefined;
  return (
    "Service api-gateway of type LoadBalancer has no address yet: the cluster needs a load balancer " +
    "(its cloud's, or one such as MetalLB)."
  );
}

function wayOf(view: View): Pick<Finding, "reason" | "message"> {
  const { gateway } = view.platform;
  if (gateway.ingress !== undefined) {
    return { reason: "Ingress", message: `${gateway.ingress.host} leads to the gateway.` };
  }
  switch (gateway.type) {
    case "LoadBalancer":
      return { reason: "LoadBalancer", message: "The load balancer has an address." };
    case "NodePort":
      return { reason: "NodePort", message: `Each node answers at port ${gateway.nodePort}.` };
    case "ClusterIP":
    default:
      return { reason: "ClusterIP", message: `Only inside the cluster, at ${insideURL(view)}.` };
  }
}
