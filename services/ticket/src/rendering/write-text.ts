import type { Weight } from "./fonts.ts";

type Document = PDFKit.PDFDocument;

export type TextStyle = {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: string;
  /** In points; a longer text is made smaller until it fits, down to half its size, then cut. */
  readonly width: number;
  readonly align?: "left" | "right" | "center";
};

/** Writes one line. */
export const writeText = (document: Document, text: string, style: TextStyle): void => {
  const { weight = "regular", width, align = "left", colour = "#10222e" } = style;
  document.font(weight).fillColor(colour);
  const fitted = fit(document, text, style.size, width);
  const slack = width - document.widthOfString(fitted);
  const x = style.x + (align === "right" ? slack : align === "center" ? slack / 2 : 0);
  // On one baseline, whatever the size became.
  document.text(fitted, x, style.y + style.size, { lineBreak: false, baseline: "alphabetic" });
};

/** Sets the size that fits; answers the text, cut if it fits at none. */
const fit = (document: Document, text: string, size: number, width: number): string => {
  const natural = document.fontSize(size).widthOfString(text);
  if (natural <= width) return text;
  document.fontSize(Math.max(size / 2, (size * width) / natural));
  let cut = text;
  // A rounding of the size must not cost a letter.
  while (document.widthOfString(cut) > width + 0.5 && cut.length > 1) {
    cut = cut.replace(/.…?$/u, "…");
  }
  return cut;
};
