/** What a handler answers: JSON, bytes of another content type, or nothing. */
export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly raw?: { readonly bytes: Buffer; readonly contentType: string };
  readonly headers?: Readonly<Record<string, string>>;
};

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent = (): Reply => ({ status: 204 });

export const created = (location: string, body: unknown): Reply => ({
  status: 201,
  body,
  headers: { Location: location },
});

export const accepted = (location: string, body: unknown): Reply => ({
  status: 202,
  body,
  headers: { Location: location },
});
