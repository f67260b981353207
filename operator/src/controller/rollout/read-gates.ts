import { request } from "undici";
import { z } from "zod";
import { LABEL_INSTANCE } from "../../metadata/labels.ts";
import type { ObservedObject } from "../../metadata/observed-object.ts";
import { SERVICES } from "../../metadata/services.ts";
import type { GateReading } from "../../rollout/judge-gates.ts";
import { gatewayFigures } from "../../rollout/gateway-figures.ts";
import { readDeadLetters, type ManagementLogin } from "../rabbitmq/management-api.ts";

/** A gateway that takes longer for its own figures has other troubles. */
const DEADLINE_MS = 3000;
const GATEWAY = SERVICES[0];

/**
 * What the gateway's pods and the broker have counted; undefined when the broker or every pod
 * stays silent. One silent pod among several only makes the sample smaller.
 */
export async function readGates(
  pods: readonly ObservedObject[],
  platform: string,
  login: ManagementLogin | undefined,
): Promise<GateReading | undefined> {
  if (login === undefined) return undefined;
  const addresses = pods.filter((pod) => isGateway(pod, platform)).flatMap(addressOf);
  try {
    const [deadLetters, answers] = await Promise.all([
      readDeadLetters(login),
      Promise.allSettled(addresses.map(readPod)),
    ]);
    const found = answers.flatMap((answer) =>
      answer.status === "fulfilled" ? [answer.value] : [],
    );
    if (found.length === 0) return undefined;
    return {
      pods: found.map(({ pod, requests, failures }) => ({ pod, requests, failures })),
      openCircuits: [...new Set(found.flatMap(({ openCircuits }) => openCircuits))],
      deadLetters,
    };
  } catch {
    // The broker; that there are no figures is said by the rollout itself.
    return undefined;
  }
}

function isGateway({ labels }: ObservedObject, platform: string): boolean {
  return labels["app"] === GATEWAY.name && labels[LABEL_INSTANCE] === platform;
}

interface Address {
  readonly pod: string;
  readonly url: string;
}

const podStatus = z.object({
  status: z.object({
    podIP: z.string().optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});

function addressOf(pod: ObservedObject): Address[] {
  const { podIP, conditions } = podStatus.parse(pod.raw).status;
  const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  if (podIP === undefined || !isReady) return [];
  const host = podIP.includes(":") ? `[${podIP}]` : podIP;
  return [{ pod: pod.name, url: `http://${host}:${GATEWAY.port}/metrics` }];
}

async function readPod({ pod, url }: Address) {
  const response = await request(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  return { pod, ...gatewayFigures(text) };
}
