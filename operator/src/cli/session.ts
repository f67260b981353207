import { isatty } from "node:tty";
import { KubeConfig } from "@kubernetes/client-node";
import { createApiClient, type ApiClient } from "../runtime/api-client.ts";
import { credentialsOf } from "../runtime/credentials.ts";
import type { Options } from "./arguments.ts";
import { createPaint, wantsColour, type Paint } from "./paint.ts";
import { UsageError } from "./usage-error.ts";

/** What a command works with. */
export interface Session {
  readonly client: ApiClient;
  readonly kubeConfig: KubeConfig;
  readonly namespace: string;
  readonly options: Options;
  readonly paint: Paint;
  readonly isTerminal: boolean;
  readonly print: (lines: readonly string[]) => void;
  readonly printJson: (value: unknown) => void;
}

/** The guide's namespace, where the context has none. */
const NAMESPACE = "jatra";

/**
 * Connects as kubectl would: KUBECONFIG, ~/.kube/config, or a pod's service account. The client
 * of a command that only reads refuses to send anything else.
 */
export async function openSession(options: Options, isReadOnly: boolean): Promise<Session> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  if (options.context !== undefined) {
    if (kubeConfig.getContextObject(options.context) === null) {
      const known = kubeConfig.getContexts().map(({ name }) => name);
      throw new UsageError(`No context ${options.context}; there is ${known.join(", ")}.`);
    }
    kubeConfig.setCurrentContext(options.context);
  }
  const context = kubeConfig.getContextObject(kubeConfig.getCurrentContext());
  const isTerminal = isatty(process.stdout.fd);
  return {
    client: createApiClient(
      await credentialsOf(kubeConfig),
      () => undefined,
      isReadOnly ? refuseWrites : undefined,
    ),
    kubeConfig,
    namespace: options.namespace ?? context?.namespace ?? NAMESPACE,
    options,
    paint: createPaint(wantsColour(isTerminal, process.env)),
    isTerminal,
    print: (lines) => console.log(lines.join("\n")),
    printJson: (value) => console.log(JSON.stringify(value, undefined, 2)),
  };
}

function refuseWrites(): void {
  throw new Error("A command that only reads has tried to write.");
}
