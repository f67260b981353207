/** Loaded before a service by `--import`: its clock is wrong by `PROVE_CLOCK_SKEW_MS`. Timers go on at their pace. */
const skewMs = Number(process.env["PROVE_CLOCK_SKEW_MS"] ?? 0);
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: [], newTarget): Date =>
    given.length === 0
      ? Reflect.construct(target, [RealDate.now() + skewMs], newTarget)
      : Reflect.construct(target, given, newTarget),
  apply: () => new RealDate(RealDate.now() + skewMs).toString(),
  get: (target, name, receiver): unknown =>
    name === "now" ? () => RealDate.now() + skewMs : Reflect.get(target, name, receiver),
});
