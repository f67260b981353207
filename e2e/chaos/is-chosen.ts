/** Whether `--only` means this one: it has the text in its name, or one of several texts with «|» between them. */
export const isChosen = (name: string, only: string): boolean =>
  only.split("|").some((text) => name.includes(text));
