import { keySetSchema } from "@jatra/contracts/key-set.ts";
import { z } from "zod";
import { shownKey } from "../../../operator/src/desired/secrets/rotate-ticket-key.ts";
import { kubectl } from "./kubectl.ts";
import { secretValues } from "./secret-values.ts";
import { testCluster } from "./test-cluster.ts";

const SECRET = "ticket-service-keys";
const PORT = 3006;

/** What the Secret of the key that signs tickets holds. */
export const ticketKeys = () => secretValues(SECRET);

/** Asks for another key, in these words; none: takes the request back. */
export const askForTicketKey = async (words: string | undefined): Promise<void> => {
  const annotation = `jatra.dev/rotate-key${words === undefined ? "-" : `=${words}`}`;
  await kubectl("annotate", "secret", SECRET, "--overwrite", annotation);
};

/** The keys of an answer of `/api/tickets/keys` as it shows them, the one that signs first. */
export const keysIn = (json: string): readonly string[] =>
  keySetSchema.parse(JSON.parse(json)).keys.map(({ x }) => x);

const podsSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});

/** By pod of ticket-service the keys that it believes by its own word; of one that is coming or going and doesn't answer, none. */
export const keysOfPods = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const json = await kubectl("get", "pods", "-l", "app=ticket-service", "-o", "json");
  const { items } = podsSchema.parse(JSON.parse(json));
  const pods = `/api/v1/namespaces/${testCluster.namespace}/pods`;
  const keysOf = async ({ metadata: { name } }: (typeof items)[number]) => {
    const path = `${pods}/${name}:${PORT}/proxy/api/tickets/keys`;
    return [name, await kubectl("get", "--raw", path).then(keysIn, () => [])] as const;
  };
  return new Map(await Promise.all(items.map(keysOf)));
};

type KeysOfPods = Awaited<ReturnType<typeof keysOfPods>>;

/** Whether every pod signs with the first of these private keys and believes the second as well. */
export const areInUse = (pods: KeysOfPods, signing: string, further: string): boolean =>
  [...pods.values()].every(
    ([first, ...others]) => first === shownKey(signing) && others.includes(shownKey(further)),
  );

/** A line for each pod that would refuse what another one signs now. */
export const refusalsAmong = (pods: KeysOfPods): string[] => {
  const answering = [...pods].filter(([, keys]) => keys.length > 0);
  return answering.flatMap(([signer, [signing = ""]]) =>
    answering
      .filter(([, keys]) => !keys.includes(signing))
      .map(([name]) => `${name} doesn't believe ${signing}, by which ${signer} signs`),
  );
};
