import { balancerAddress } from "./read-objects.ts";
import { childNamed, type View } from "./view.ts";

/**
 * Where the gateway answers: what the spec says, the ingress, the load balancer; otherwise its
 * address inside the cluster, because a node's address from outside can't be known.
 */
export function gatewayURL(view: View): string {
  const { gateway, namespace } = view.platform;
  if (gateway.publicURL !== undefined) return gateway.publicURL;
  if (gateway.ingress !== undefined) {
    const scheme = gateway.ingress.tlsSecretName === undefined ? "http" : "https";
    return `${scheme}://${gateway.ingress.host}`;
  }
  const address = balancerAddress(childNamed(view, "Service", "api-gateway"));
  return `http://${address ?? `api-gateway.${namespace}`}:3000`;
}
