import { createHash, timingSafeEqual } from "node:crypto";

export type StoreLogin = { readonly storeId: string; readonly storePassword: string };

/** `<store id>:<store password>`; a key without a colon is the password of the store `jatra`. */
export const storeLoginOf = (providerKey: string): StoreLogin => {
  const colon = providerKey.indexOf(":");
  return colon === -1
    ? { storeId: "jatra", storePassword: providerKey }
    : { storeId: providerKey.slice(0, colon), storePassword: providerKey.slice(colon + 1) };
};

/** Whether a request's `store_id` and `store_passwd` are this store's. */
export const isStore = (
  login: StoreLogin,
  fields: Readonly<Record<string, string | undefined>>,
): boolean =>
  timingSafeEqual(
    digest(`${login.storeId}:${login.storePassword}`),
    digest(`${fields["store_id"]}:${fields["store_passwd"]}`),
  );

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
