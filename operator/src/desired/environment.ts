import type { EnvironmentVariable } from "./kubernetes-types.ts";

/** A variable with a plain value. */
export function plain(name: string, value: string | number | boolean): EnvironmentVariable {
  return { name, value: String(value) };
}

/** A variable out of a Secret; credentials stand nowhere else. */
export function fromSecret(name: string, secretName: string, key: string): EnvironmentVariable {
  return { name, valueFrom: { secretKeyRef: { name: secretName, key } } };
}

/** Likewise, of a key that may be missing: then the variable is, too. */
export function fromSecretIfThere(
  name: string,
  secretName: string,
  key: string,
): EnvironmentVariable {
  return { name, valueFrom: { secretKeyRef: { name: secretName, key, optional: true } } };
}

export function fromPodField(name: string, fieldPath: string): EnvironmentVariable {
  // The API server fills in the version; leaving it out would look like drift.
  return { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
}
