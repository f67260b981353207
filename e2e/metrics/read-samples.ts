/** One line of Prometheus' text format. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const line = /^(\w+)(?:\{(.*)\})? (\S+)$/gm;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** What a process tells at `/metrics`, without comments. Escapes in labels stay as they are. */
export const readSamples = (metrics: string): Sample[] =>
  [...metrics.matchAll(line)].map(([, name = "", labels = "", value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(label)].map(([, key = "", text = ""]) => [key, text]),
    ),
    value: Number(value),
  }));
