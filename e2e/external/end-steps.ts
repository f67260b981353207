import { Failure } from "../cluster/failure.ts";
import { kubectlIn, PLATFORM } from "./on-cluster.ts";
import { until } from "./conditions.ts";
import { psql, rabbitmqctl } from "./store-commands.ts";
import type { Step } from "./take-steps.ts";

/** The platform goes, and what is in the stores stays. */
export const endSteps = (): Step[] => {
  let counted: Contents;
  return [
    {
      what: "the platform is deleted",
      look: async () => {
        counted = await contents();
        await kubectlIn(PLATFORM, "delete", "jatraplatform", "jatra", "--timeout=60s");
        await until("its objects go", 120_000, async () => {
          const kinds = "deploy,job,svc,cm,networkpolicy,pod";
          const left = await kubectlIn(PLATFORM, "get", kinds, "-o", "name");
          return left.trim() === "configmap/kube-root-ca.crt" ? true : undefined;
        });
        return "no workload is left";
      },
    },
    {
      what: "the stores' data",
      look: async () => {
        const left = await contents();
        if (JSON.stringify(left) !== JSON.stringify(counted)) {
          throw new Failure(`${JSON.stringify(counted)} became ${JSON.stringify(left)}.`);
        }
        return `${left.databases} databases, ${left.bookings} bookings, ${left.queues} queues as before`;
      },
    },
  ];
};

type Contents = { readonly databases: number; readonly bookings: number; readonly queues: number };

const contents = async (): Promise<Contents> => ({
  databases: Number(
    await psql("postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE '%_db'"),
  ),
  bookings: Number(await psql("booking_db", "SELECT count(*) FROM bookings")),
  queues: (await rabbitmqctl("list_queues", "name", "--no-table-headers")).trim().split("\n")
    .length,
});
