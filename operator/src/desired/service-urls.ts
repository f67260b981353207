import type { Platform } from "./platform.ts";

/** `<NAME>_SERVICE_URL` of every service: contents of the ConfigMap `jatra-services`. */
export function serviceUrls(platform: Platform): Record<string, string> {
  return Object.fromEntries(
    platform.services
      .filter(({ facts }) => facts.key !== "api-gateway")
      .map(({ facts }) => [urlVariable(facts.name), `http://${facts.name}:${facts.port}`]),
  );
}

function urlVariable(serviceName: string): string {
  return `${serviceName.toUpperCase().replaceAll("-", "_")}_URL`;
}
