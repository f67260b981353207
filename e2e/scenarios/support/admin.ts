import assert from "node:assert/strict";
import { api } from "./api.ts";
import { secretValues } from "./secret-values.ts";

/** The access token of the first admin, whose login the operator made. */
export const signInAsAdmin = async (): Promise<string> => {
  const { email, password } = await secretValues("jatra-admin");
  const login = await api("POST", "/api/auth/login", { body: { email, password } });
  assert.equal(login.status, 200, login.text);
  return String(login.body["accessToken"]);
};
