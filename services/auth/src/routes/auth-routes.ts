import { bind, type Route } from "@jatra/common/http/bind.ts";
import { noContent, ok } from "@jatra/common/http/reply.ts";
import { jwks, login, logout, refreshToken, register } from "@jatra/contracts/http/auth.ts";
import type { Tokens } from "@jatra/contracts/http/auth.ts";
import type { ClientAddressReader } from "../client-address.ts";
import type { KeyRing } from "../domain/key-ring.ts";

export type AuthActions = {
  readonly register: (
    person: { name: string; email: string; phone: string; password: string },
    requestId: string,
  ) => Promise<{ userId: string }>;
  readonly logIn: (credentials: {
    email: string;
    password: string;
    address: string;
  }) => Promise<Tokens>;
  readonly refresh: (refreshToken: string) => Promise<Tokens>;
  readonly logOut: (refreshToken: string) => Promise<void>;
};

/** Tokens in an answer belong to one client and must not stay in any cache (RFC 6749, 5.1). */
const unstored = { "Cache-Control": "no-store" };

export const authRoutes = (dependencies: {
  readonly actions: AuthActions;
  readonly keyRing: KeyRing;
  readonly clientAddress: ClientAddressReader;
}): readonly Route[] => {
  const { actions, keyRing, clientAddress } = dependencies;
  return [
    bind(register, async ({ body, requestId }) => ({
      status: 201,
      body: await actions.register(body, requestId),
      headers: { Location: "/api/users/me" },
    })),
    bind(login, async ({ body, headers }) => {
      const address = await clientAddress(headers);
      return { ...ok(await actions.logIn({ ...body, address })), headers: unstored };
    }),
    bind(refreshToken, async ({ body }) => ({
      ...ok(await actions.refresh(body.refreshToken)),
      headers: unstored,
    })),
    bind(logout, async ({ body }) => {
      await actions.logOut(body.refreshToken);
      return noContent();
    }),
    bind(jwks, async () => ok({ keys: keyRing.publicKeys() })),
  ];
};
