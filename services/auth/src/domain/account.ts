import type { Role } from "@jatra/contracts/identity.ts";

/** A person who may sign in. `email` is in lower case. */
export type Account = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly phone: string;
  readonly role: Role;
};

export type AccountWithPassword = Account & { readonly passwordHash: string };
