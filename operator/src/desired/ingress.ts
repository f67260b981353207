import type { V1Ingress } from "@kubernetes/client-node";
import type { Context } from "./context.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";

const GATEWAY = "api-gateway";

/** An Ingress to the gateway, where `spec.gateway.ingress` names a host. */
export function ingress({ platform }: Context): Child[] {
  const wanted = platform.gateway.ingress;
  if (wanted === undefined) return [];
  const manifest = {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metadataOf(platform, GATEWAY, GATEWAY, "gateway"),
    spec: {
      ...(wanted.ingressClassName !== undefined && { ingressClassName: wanted.ingressClassName }),
      ...(wanted.tlsSecretName !== undefined && {
        tls: [{ hosts: [wanted.host], secretName: wanted.tlsSecretName }],
      }),
      rules: [
        {
          host: wanted.host,
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: GATEWAY, port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    },
  } satisfies V1Ingress;
  return [child(platform, manifest)];
}
