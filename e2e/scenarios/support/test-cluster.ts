/** The cluster that the scenarios run on: never a user's own. */
export const testCluster = {
  name: "jatra-e2e",
  context: "kind-jatra-e2e",
  namespace: "jatra",
  /** Beside the 30000 of `npm run up`, so that both can run on one machine. */
  hostPort: 30_100,
} as const;

export const baseUrl = `http://127.0.0.1:${testCluster.hostPort}`;
