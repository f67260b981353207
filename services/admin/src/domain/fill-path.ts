/**
 * The path of an operation with its parameters put in: `/api/stations/:id`, {id: "A/B"} → `/api/stations/A%2FB`. A parameter can't leave its
 * segment. Throws for a parameter that is missing: the contract's own params are what goes in.
 */
export const fillPath = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name];
    // `encodeURIComponent` leaves dots alone, and a client would resolve `..` away.
    if (value === undefined || /^\.{1,2}$/.test(value))
      throw new Error(`no ${name} for ${template}`);
    return encodeURIComponent(value);
  });
