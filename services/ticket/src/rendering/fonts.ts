import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Noto Sans Bengali, which has Latin letters too: passengers write their names in either. */
const files = {
  regular: "400Regular/NotoSansBengali_400Regular.ttf",
  bold: "700Bold/NotoSansBengali_700Bold.ttf",
} as const;

export type Weight = keyof typeof files;

/**
 * The fonts, to be read once when the service starts: 300 kB. TTF and not WOFF: pdfkit parses the font for every document,
 * and unpacking a WOFF took 200 of the 300 ms of CPU that a ticket cost.
 */
export const loadFonts = (): Readonly<Record<Weight, Buffer>> => ({
  regular: read(files.regular),
  bold: read(files.bold),
});

const read = (file: string): Buffer =>
  readFileSync(fileURLToPath(import.meta.resolve(`@expo-google-fonts/noto-sans-bengali/${file}`)));
