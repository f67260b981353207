import { balancerAddress } from "./read-objects.ts";
import { childNamed, type View } from "./view.ts";

/**
 * Where the gateway answers: what the spec says, the ingress, the load balancer; otherwise its
 * address inside the cluster, because a node's address from outside can't be known.
 */
export function gatewayURL(view: View): string {
  const { gateway } = view.platform;
  if (gateway.publicURL !== undefined) return gateway.publicURL;
  if (gateway.ingress !== undefined) {
    const scheme = gateway.ingress.tlsSecretName === undefined ? "http" : "https";
    return `${scheme}://${gateway.ingress.host}`;
  }
  const address = balancerAddress(childNamed(view, "Service", "api-gateway"));
  return address === undefined ? insideURL(view) : `http://${address}:3000`;
}

/** Where it answers in the cluster, whatever leads there from outside. */
export function insideURL({ platform }: View): string {
  return `http://api-gateway.${platform.namespace}:3000`;
}
