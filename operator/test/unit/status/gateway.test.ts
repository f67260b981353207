import assert from "node:assert/strict";
import type { ObservedObject } from "../../../src/metadata/observed-object.ts";
import { platformStatus } from "../../../src/status/index.ts";
import { observedObject } from "../../support/observed-fixture.ts";
import { platformWith } from "../../support/platform-fixture.ts";
import { NOW, viewWith } from "../../support/view-fixture.ts";

const statusOf = (gateway: object, objects: readonly ObservedObject[] = []) =>
  platformStatus(viewWith(objects, { platform: platformWith({ gateway }) }), undefined, NOW);

const withAddress = (kind: string): ObservedObject =>
  observedObject({
    kind,
    name: "api-gateway",
    status: { loadBalancer: { ingress: [{ ip: "10.1.2.3" }] } },
  });

describe("the way to the gateway", () => {
  it("gives the gateway's address: spec, ingress, load balancer, or inside the cluster", () => {
    const urlOf = (gateway: object, objects: readonly ObservedObject[] = []) =>
      statusOf(gateway, objects).gatewayURL;
    assert.equal(urlOf({ publicURL: "http://localhost:30000" }), "http://localhost:30000");
    assert.equal(
      urlOf({ ingress: { host: "t.example", tlsSecretName: "s" } }),
      "https://t.example",
    );
    const balancer = [withAddress("Service")];
    assert.equal(urlOf({ type: "LoadBalancer" }, balancer), "http://10.1.2.3:3000");
    assert.equal(urlOf({}), "http://api-gateway.jatra:3000");
  });

  it("is waited for in words, and doesn't keep the platform from being Ready", () => {
    const wayOf = (gateway: object, objects: readonly ObservedObject[] = []) => {
      const found = statusOf(gateway, objects).conditions ?? [];
      assert.equal(found.find(({ type }) => type === "Ready")?.status, "True");
      return found.find(({ type }) => type === "GatewayExposed");
    };
    const balancer = { type: "LoadBalancer" };
    assert.match(
      wayOf(balancer)?.message ?? "",
      /no address yet.* at http:\/\/api-gateway.jatra:3000/,
    );
    assert.equal(wayOf(balancer)?.status, "False");
    assert.equal(wayOf(balancer, [withAddress("Service")])?.status, "True");
    const ingress = {
      type: "ClusterIP",
      ingress: { host: "t.example", ingressClassName: "nginx" },
    };
    assert.match(wayOf(ingress)?.message ?? "", /No ingress controller of class nginx/);
    assert.equal(wayOf(ingress, [withAddress("Ingress")])?.reason, "Ingress");
    assert.equal(wayOf({ type: "ClusterIP" })?.reason, "ClusterIP");
  });

  it("misses a certificate that isn't there", () => {
    const gateway = { type: "ClusterIP", ingress: { host: "t.example", tlsSecretName: "t-tls" } };
    const more = { platform: platformWith({ gateway }), isCertificateThere: false };
    const view = viewWith([withAddress("Ingress")], more);
    const found = platformStatus(view, undefined, NOW).conditions ?? [];
    const way = found.find(({ type }) => type === "GatewayExposed");
    assert.equal(way?.reason, "CertificateMissing");
    assert.match(way?.message ?? "", /Secret t-tls \(spec\.gateway\.ingress\.tlsSecretName\)/);
  });
});
