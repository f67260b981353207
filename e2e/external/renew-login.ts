import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../cluster/failure.ts";
import { waitUntilReady } from "../cluster/platform-ready.ts";
import { conditionWith, until } from "./conditions.ts";
import { statementsThatAdd, type GivenDatabase } from "./given-databases.ts";
import { apply, cluster, kubectlIn, PLATFORM, secret } from "./on-cluster.ts";
import { bookTicket, generationOf } from "./sights.ts";
import { psql } from "./store-commands.ts";
import type { Stage } from "./take-steps.ts";

/** Between two bookings: two cores have a rollout beside them. */
const PAUSE_MS = 500;

/**
 * Gives a service another login while tickets are sold: first PostgreSQL, then the Secret, which names that of before as well until no
 * pod uses it. Throws where a booking fails, or where others get new pods.
 */
export const renewLogin = async (
  { secretName, service, login }: GivenDatabase,
  { tag }: Pick<Stage, "tag">,
): Promise<string> => {
  const next = { username: `${login.username}-2`, password: `${login.password}, the next` };
  await psql("postgres", ...statementsThatAdd(next, login));
  const others = () => Promise.all(["user-service", "pgbouncer"].map(generationOf));
  const [before, untouched] = [await generationOf(service), await others()];
  const sale = sell();
  const previous = { "previous-username": login.username, "previous-password": login.password };
  await apply(PLATFORM, [secret(secretName, { ...next, ...previous })]);
  await until(`${service} gets new pods`, 60_000, async () =>
    (await generationOf(service)) === before ? undefined : true,
  );
  await conditionWith("Progressing", "True", []);
  await waitUntilReady(cluster, tag, PLATFORM);
  await until("its pods of before go", 120_000, async () =>
    (await podsOf(service)) === 1 ? true : undefined,
  );
  await apply(PLATFORM, [secret(secretName, next)]);
  const sold = await sale.end();
  if ((await others()).join() !== untouched.join()) throw new Failure("Others got new pods.");
  return `${sold} bookings meanwhile, all CONFIRMED; new pods of ${service} alone`;
};

/** Those that are going, too. */
const podsOf = async (service: string): Promise<number> => {
  const pods = await kubectlIn(PLATFORM, "get", "pods", "-l", `app=${service}`, "-o", "name");
  return pods.split("\n").filter(Boolean).length;
};

/** Books one ticket after the other. `end` answers how many, after one more, and throws what one of them threw. */
const sell = () => {
  let sold = 0;
  let isOpen = true;
  const done = (async () => {
    for (let isLast = false; !isLast;) {
      isLast = !isOpen;
      await bookTicket();
      sold += 1;
      await delay(PAUSE_MS);
    }
  })();
  // It is `end` that tells; until then an error must not end the process.
  done.catch(() => undefined);
  return {
    end: async (): Promise<number> => {
      isOpen = false;
      await done;
      return sold;
    },
  };
};
