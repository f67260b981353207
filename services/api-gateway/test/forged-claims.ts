/** What somebody would like to be: claims as auth-service writes them, under a signature of his own or none. */
export const adminClaims = {
  sub: "user-1",
  role: "admin",
  name: "x",
  email: "x",
  iss: "jatra-auth",
  aud: "jatra",
  iat: 1,
  exp: 9_999_999_999,
};

/** A part of a JWS in its compact form. */
export const encode = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString("base64url");
