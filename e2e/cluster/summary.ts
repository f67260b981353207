import type { Cluster } from "./kind-cluster.ts";
import { paint, say } from "./progress.ts";
import { toolFolder } from "./tools.ts";
import type { WalkThrough } from "./walk-through.ts";

/** Prints how to use the platform: URLs, requests to copy, the admin's login, kubectl, what was changed. */
export function printSummary(
  cluster: Cluster,
  booking: WalkThrough,
  changes: readonly string[],
): void {
  const { baseUrl, accessToken, journeyId, bookingId, ticketIds, freeSeatIds } = booking;
  const seat = freeSeatIds[0] ?? "SEAT_ID";
  const secret = `kubectl --context ${cluster.context} -n jatra get secret jatra-admin -o jsonpath`;
  say(`
${paint.bold("Jatra is up.")}

  API            ${baseUrl}/api
  API documents  ${baseUrl}/api/docs
  health         ${baseUrl}/health

${paint.bold("Try it")} (the token is valid for 15 minutes)
  TOKEN=${accessToken}
  curl '${baseUrl}/api/search/stations?q=dha'
  curl '${baseUrl}/api/seats/availability/${journeyId}?from=DHK&to=CTG'
  curl -X POST ${baseUrl}/api/seats/locks/acquire -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d '{"journeyId":"${journeyId}","seatIds":["${seat}"]}'
  curl -H "Authorization: Bearer $TOKEN" ${baseUrl}/api/bookings/${bookingId}
  curl -H "Authorization: Bearer $TOKEN" -o ticket.pdf ${baseUrl}/api/tickets/${ticketIds[0] ?? ""}/pdf

${paint.bold("The admin's login")}
  ${secret}='{.data.email}' | base64 -d; echo
  ${secret}='{.data.password}' | base64 -d; echo

${paint.bold("Look inside")} (kubectl, kind and helm are in ${toolFolder()})
  export PATH=${toolFolder()}:$PATH
  kubectl --context ${cluster.context} -n jatra get jatraplatforms,deployments,hpa,statefulsets,pods

${paint.bold("What was changed on this machine")}
${changes.map((change) => `  ${change}`).join("\n")}
  \`npm run down\` removes the cluster, \`npm run down -- --purge\` also images and cache.`);
}
