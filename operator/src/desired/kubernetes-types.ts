import type * as kubernetes from "@kubernetes/client-node";

/**
 * The client library's models are classes; what is built here are plain objects of their shape,
 * and only the shape is used.
 */
type Plain<T> = { [Key in keyof T]: T[Key] };

export type Container = Plain<kubernetes.V1Container>;
export type EnvironmentVariable = Plain<kubernetes.V1EnvVar>;
export type PodSpec = Plain<kubernetes.V1PodSpec>;
export type Probe = Plain<kubernetes.V1Probe>;
export type ServicePort = Plain<kubernetes.V1ServicePort>;
export type VolumeMount = Plain<kubernetes.V1VolumeMount>;
export type Volume = Plain<kubernetes.V1Volume>;
