import { databaseSecretName } from "../../metadata/names.ts";
import type { Platform } from "../platform.ts";
import type { SecretValues } from "./secret-values.ts";

/** What can't work while a Secret isn't as it should be. */
export type SecretUser = "postgres" | "redis" | "rabbitmq" | "payments" | "services";

/** A Secret that people make and the spec refers to. */
export interface GivenSecret {
  readonly name: string;
  /** Keys that must have a value. */
  readonly keys: readonly string[];
  /** Where the spec names it. */
  readonly field: string;
  readonly user: SecretUser;
}

/** Something that people have to put right in a Secret of theirs. */
export interface SecretProblem {
  readonly user: SecretUser;
  readonly secret: string;
  /** Names the Secret, the key and the field; never a value. */
  readonly message: string;
}

/** The key of a Secret with certificates, as cert-manager and most operators name it. */
export const AUTHORITY_KEY = "ca.crt";

const LOGIN = ["username", "password"];
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/** Every reference of the spec to a Secret whose contents the platform needs. */
export function givenSecrets(platform: Platform): readonly GivenSecret[] {
  const { payments } = platform;
  return [
    ...storeSecrets(platform),
    ...(payments.generated
      ? []
      : [
          {
            name: payments.secretName,
            keys: ["provider-key", "webhook-secret"],
            field: "spec.payments.secretRef",
            user: "payments" as const,
          },
        ]),
    ...platform.services.flatMap(({ facts, settings }) =>
      (settings.env ?? []).flatMap(({ name, secretKeyRef }) =>
        secretKeyRef === undefined
          ? []
          : [
              {
                name: secretKeyRef.name,
                keys: [secretKeyRef.key],
                field: `spec.services.${facts.key}.env, ${name}`,
                user: "services" as const,
              },
            ],
      ),
    ),
  ];
}

function storeSecrets({ postgres, redis, rabbitmq, services }: Platform): GivenSecret[] {
  const found: GivenSecret[] = [];
  const add = (user: SecretUser, field: string, name: string | undefined, keys: string[]) => {
    if (name !== undefined)
      found.push({ user, field: `spec.${user}.external.${field}`, name, keys });
  };
  if (postgres.embedded === undefined) {
    add("postgres", "secretRef", postgres.secretName, LOGIN);
    add("postgres", "caSecretRef", postgres.caSecretName, [AUTHORITY_KEY]);
    const { secretName } = postgres;
    for (const { facts } of secretName === undefined ? services : []) {
      const name = facts.database === undefined ? undefined : databaseSecretName(facts.name);
      add("postgres", "databases", name, LOGIN);
    }
  }
  if (redis.embedded === undefined) {
    add("redis", "secretRef", redis.secretName, ["password"]);
    add("redis", "caSecretRef", redis.caSecretName, [AUTHORITY_KEY]);
  }
  if (rabbitmq.embedded === undefined) {
    add("rabbitmq", "secretRef", rabbitmq.secretName, LOGIN);
    add("rabbitmq", "management.secretRef", rabbitmq.management.secretName, LOGIN);
    add("rabbitmq", "caSecretRef", rabbitmq.caSecretName, [AUTHORITY_KEY]);
  }
  return found;
}

/** What is missing or wrong in them. `given` holds the contents of those that exist. Pure. */
export function secretProblems(platform: Platform, given: SecretValues): readonly SecretProblem[] {
  return givenSecrets(platform).flatMap((wanted) => {
    const message = problemOf(wanted, given.get(wanted.name));
    return message === undefined ? [] : [{ user: wanted.user, secret: wanted.name, message }];
  });
}

function problemOf(
  { name, keys, field }: GivenSecret,
  values: Readonly<Record<string, string>> | undefined,
): string | undefined {
  const secret = `Secret ${name} (${field})`;
  if (values === undefined) return `${secret} doesn't exist: make it with ${keysOf(keys)}.`;
  const lacking = keys.filter((key) => (values[key] ?? "") === "");
  if (lacking.length > 0) {
    const present = Object.keys(values).toSorted();
    const has = present.length === 0 ? "it is empty" : `it has ${present.join(", ")}`;
    return `${secret} has no value for ${keysOf(lacking)}: add it (${has}).`;
  }
  if (keys.includes(AUTHORITY_KEY) && !isCertificate(values[AUTHORITY_KEY] ?? "")) {
    return `${secret} has no PEM certificate in key ${AUTHORITY_KEY}: put the authority's there.`;
  }
  return undefined;
}

/** Whether a text holds a certificate in PEM. */
export function isCertificate(text: string): boolean {
  return CERTIFICATE.test(text);
}

function keysOf(keys: readonly string[]): string {
  return `${keys.length === 1 ? "key" : "keys"} ${keys.join(" and ")}`;
}
