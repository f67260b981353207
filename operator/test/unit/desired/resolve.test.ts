import assert from "node:assert/strict";
import { platformWith } from "../../support/platform-fixture.ts";

describe("resolve", () => {
  it("gives `spec: {}` the guide's autoscaling table", () => {
    const table = platformWith().services.map(({ facts, autoscaling }) =>
      [
        facts.name,
        autoscaling?.minReplicas,
        autoscaling?.maxReplicas,
        autoscaling?.targetCPUUtilizationPercentage,
      ].join(" "),
    );
    assert.deepEqual(table, [
      "api-gateway 3 20 60",
      "auth-service 2 10 70",
      "schedule-service 2 10 70",
      "seat-reservation-service 5 20 60",
      "payment-service 3 15 65",
      "booking-service 3 15 65",
      "ticket-service 2 10 70",
      "notification-service 2 10 70",
      "user-service 2 10 70",
      "search-service 2 10 70",
      "admin-service 2 10 70",
      "reporting-service 2 10 70",
      "payment-simulator   ",
    ]);
  });

  it("adds to the limits of sign-in, or replaces them, and lets a user send what an address may", () => {
    assert.deepEqual(platformWith().gateway.rateLimit, {
      requestsPerSecond: 100,
      userRequestsPerSecond: 100,
      operations: {
        login: { requests: 60, windowSeconds: 60 },
        register: { requests: 20, windowSeconds: 60 },
      },
    });
    const rateLimit = {
      requestsPerSecond: 50,
      userRequestsPerSecond: 7,
      operations: { login: { requests: 5 }, acquireLock: { requests: 3, windowSeconds: 1 } },
    };
    assert.deepEqual(platformWith({ gateway: { rateLimit } }).gateway.rateLimit, {
      requestsPerSecond: 50,
      userRequestsPerSecond: 7,
      operations: {
        login: { requests: 5, windowSeconds: 60 },
        register: { requests: 20, windowSeconds: 60 },
        acquireLock: { requests: 3, windowSeconds: 1 },
      },
    });
  });

  it("keeps a store's own tag when the platform's tag changes", () => {
    const platform = platformWith({ image: { tag: "2.0.0" } });
    assert.equal(platform.postgres.embedded?.image, "jatra/postgres:17");
    assert.equal(platform.services[0]?.image, "jatra/api-gateway:2.0.0");
    assert.equal(platform.version, "2.0.0");
  });

  it("takes every image, stores included, from another repository", () => {
    const platform = platformWith({ image: { repository: "mirror.example.com/jatra" } });
    assert.equal(platform.redis.embedded?.image, "mirror.example.com/jatra/redis:8");
    assert.equal(platform.services[1]?.image, "mirror.example.com/jatra/auth-service:1.2.3");
  });

  it("prefers an override of one image to everything else", () => {
    const overrides = { redis: "elsewhere/redis:9", "auth-service": "elsewhere/auth:9" };
    const platform = platformWith({ image: { repository: "mirror", overrides } });
    assert.equal(platform.redis.embedded?.image, "elsewhere/redis:9");
    assert.equal(platform.services[1]?.image, "elsewhere/auth:9");
  });

  it("fixes the replicas of a service whose autoscaling is off", () => {
    const services = { booking: { autoscaling: { enabled: false }, replicas: 7 } };
    const booking = platformWith({ services }).services.find(
      ({ facts }) => facts.key === "booking",
    );
    assert.equal(booking?.autoscaling, undefined);
    assert.equal(booking?.replicas, 7);
  });

  it("falls back to the table's minimum without autoscaling and without replicas", () => {
    const services = { booking: { autoscaling: { enabled: false } } };
    const booking = platformWith({ services }).services.find(
      ({ facts }) => facts.key === "booking",
    );
    assert.equal(booking?.replicas, 3);
  });

  it("moves the maximum along with a minimum above it", () => {
    const services = { auth: { autoscaling: { minReplicas: 40 } } };
    const auth = platformWith({ services }).services.find(({ facts }) => facts.key === "auth");
    assert.equal(auth?.autoscaling?.maxReplicas, 40);
  });

  it("leaves the simulator out when payments are real", () => {
    const payments = { provider: "sslcommerz", secretRef: { name: "login" } };
    const keys = platformWith({ payments }).services.map(({ facts }) => facts.key);
    assert.equal(keys.includes("payment-simulator"), false);
    assert.equal(keys.length, 12);
  });

  it("talks TLS to external stores unless told otherwise", () => {
    const redis = { type: "External", external: { host: "r.example", secretRef: { name: "s" } } };
    assert.deepEqual(platformWith({ redis }).redis, {
      host: "r.example",
      port: 6379,
      tls: true,
      secretName: "s",
      caSecretName: undefined,
      isCluster: false,
      embedded: undefined,
    });
  });
});
