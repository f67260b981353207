import QRCode from "qrcode";
import { ERROR_CORRECTION } from "./qr-image.ts";

/** Draws a QR code as shapes: sharp at any size, and ten times cheaper than a picture. The page's white is its quiet zone. */
export const drawQr = (
  document: PDFKit.PDFDocument,
  text: string,
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
): void => {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: ERROR_CORRECTION });
  const module = size / modules.size;
  for (let row = 0; row < modules.size; row += 1) {
    for (const { from, to } of darkRuns(modules, row)) {
      document.rect(x + from * module, y + row * module, (to - from) * module, module);
    }
  }
  document.fill("#000000");
};

/** Dark stretches of a row: one shape each leaves no hairlines between neighbours. */
const darkRuns = (modules: QRCode.BitMatrix, row: number): { from: number; to: number }[] => {
  const runs: { from: number; to: number }[] = [];
  for (let column = 0; column < modules.size; column += 1) {
    if (!modules.get(row, column)) continue;
    const last = runs.at(-1);
    if (last?.to === column) last.to += 1;
    else runs.push({ from: column, to: column + 1 });
  }
  return runs;
};
