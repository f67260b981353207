import type { Platform } from "./platform.ts";

/** The URL of every service, the gateway's (for admin-service) too: contents of the ConfigMap `jatra-services`. */
export function serviceUrls(platform: Platform): Record<string, string> {
  return Object.fromEntries(
    platform.services.map(({ facts }) => [
      urlVariable(facts.name),
      `http://${facts.name}:${facts.port}`,
    ]),
  );
}

function urlVariable(serviceName: string): string {
  return `${serviceName.toUpperCase().replaceAll("-", "_")}_URL`;
}
