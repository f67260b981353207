import { readdirSync, readFileSync } from "node:fs";

/** User and system time of a process so far; its name as /proc has it, cut to 15 characters. */
export type ProcessTime = { readonly name: string; readonly cpuMs: number };

/** `USER_HZ`, which /proc counts in: 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** Nothing where there is no /proc, or no such process any more. */
export const readProcessTime = (pid: number): ProcessTime => {
  try {
    const [name = "", rest = ""] = readFileSync(`/proc/${pid}/stat`, "latin1").split(
      /\) (?!.*\) )/,
    );
    const fields = rest.split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { name: name.replace(/^\d+ \(/, ""), cpuMs: ticks * MS_PER_TICK };
  } catch {
    return { name: "", cpuMs: 0 };
  }
};

/** The time of all processes of that name on this machine. */
export const readTimeByName = (name: string): number => {
  if (process.platform !== "linux") return 0;
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  const times = pids.map((pid) => readProcessTime(Number(pid)));
  return times.reduce((sum, time) => (time.name === name ? sum + time.cpuMs : sum), 0);
};
