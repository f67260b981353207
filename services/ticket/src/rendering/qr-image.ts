import QRCode from "qrcode";

/** 15 % of the picture may be dirty or folded; level Q would bear 25 % with modules too fine for old scanners. */
export const ERROR_CORRECTION = "M";
/** Quiet zone in modules; the standard asks for four. */
const MARGIN_MODULES = 4;
/** Four pixels or more a module: sharp enough for any scanner. */
const WIDTH_PIXELS = 480;

/** A QR code as PNG. */
export const qrImage = async (text: string): Promise<Buffer> =>
  QRCode.toBuffer(text, {
    type: "png",
    errorCorrectionLevel: ERROR_CORRECTION,
    margin: MARGIN_MODULES,
    width: WIDTH_PIXELS,
  });
