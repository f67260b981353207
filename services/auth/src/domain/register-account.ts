import { randomUUID } from "node:crypto";
import { Problem } from "@jatra/common/http/problem.ts";
import type { AccountWithPassword } from "./account.ts";
import type { PasswordHasher } from "./hash-password.ts";

export type NewAccounts = {
  /** Stores the account and the event `user.registered` in one transaction; false when the address is taken. */
  readonly add: (account: AccountWithPassword, requestId: string) => Promise<boolean>;
};

/** Opens a customer's account; answers its id. Throws `email_taken`. */
export const registerAccount = async (
  dependencies: { readonly accounts: NewAccounts; readonly passwords: PasswordHasher },
  person: {
    readonly name: string;
    readonly email: string;
    readonly phone: string;
    readonly password: string;
  },
  requestId: string,
): Promise<{ userId: string }> => {
  const { password, ...details } = person;
  const passwordHash = await dependencies.passwords.hash(password);
  const account = { ...details, id: randomUUID(), role: "customer" as const, passwordHash };
  const added = await dependencies.accounts.add(account, requestId);
  if (!added) throw new Problem("email_taken");
  return { userId: account.id };
};
