/** A login role of a service's database, as its Secret holds it. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What a login is for: the pods use the first; the others are valid beside it while a rotation is under way. */
export const LOGIN_KINDS = ["", "next-", "previous-"] as const;
export type LoginKind = (typeof LOGIN_KINDS)[number];

type Values = Readonly<Record<string, string>>;

/** The login of a kind; undefined where there is none. */
export function loginOf(values: Values, kind: LoginKind): Login | undefined {
  const username = values[`${kind}username`];
  const password = values[`${kind}password`];
  return username === undefined || password === undefined ? undefined : { username, password };
}

/** Every login that PostgreSQL and PgBouncer shall accept. */
export function validLogins(values: Values): Login[] {
  return LOGIN_KINDS.flatMap((kind) => loginOf(values, kind) ?? []);
}

/** Keys of a Secret for a login of that kind. */
export function keysOf(kind: LoginKind, { username, password }: Login): Values {
  return { [`${kind}username`]: username, [`${kind}password`]: password };
}

/** The two login roles that a rotation alternates between; the first one owns the database, the second acts as the first. */
export function loginRoles(role: string): readonly [string, string] {
  return [role, `${role}_2`];
}
