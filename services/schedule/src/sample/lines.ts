/** Stations along a line with the kilometres from its first, rounded: good for fares, not for engineering. */
export type Line = Readonly<Record<string, number>>;

const toAkhaura = { DHK: 0, AIR: 18, TON: 22, NSD: 56, BBB: 86, AHJ: 90, BBR: 105, AKH: 120 };
const toJamuna = { DHK: 0, AIR: 18, JOY: 35, TGL: 97, MMA: 132 };
const toSantahar = { ...toJamuna, ULP: 158, CTM: 184, NTR: 236, STH: 283 };

export const dhakaChattogram: Line = { ...toAkhaura, CML: 168, LKM: 192, FEN: 232, CTG: 321 };
export const dhakaCoxsBazar: Line = { ...dhakaChattogram, DOH: 368, CXB: 469 };
export const dhakaNoakhali: Line = { ...toAkhaura, CML: 168, LKM: 192, NKL: 240 };
export const dhakaSylhet: Line = {
  ...toAkhaura,
  SHG: 193,
  SRM: 231,
  KUL: 272,
  MJG: 291,
  SYL: 319,
};
export const dhakaMohanganj: Line = {
  DHK: 0,
  AIR: 18,
  JOY: 35,
  GFG: 85,
  MYM: 122,
  NTK: 160,
  MHG: 189,
};
export const dhakaRajshahi: Line = { ...toJamuna, ULP: 158, CTM: 184, ADP: 224, RJS: 265 };
export const dhakaKhulna: Line = {
  ...toJamuna,
  ULP: 158,
  CTM: 184,
  ISD: 208,
  PRD: 244,
  CDG: 281,
  JSR: 352,
  KLN: 408,
};
export const dhakaPanchagarh: Line = {
  ...toSantahar,
  JPR: 316,
  PBT: 373,
  DNJ: 404,
  TKG: 462,
  PCG: 500,
};
export const dhakaRangpur: Line = { ...toSantahar, BOG: 324, GBD: 394, RNP: 462 };
export const chattogramSylhet: Line = {
  CTG: 0,
  FEN: 89,
  LKM: 129,
  CML: 153,
  AKH: 201,
  SHG: 274,
  SRM: 312,
  KUL: 353,
  MJG: 372,
  SYL: 400,
};
export const chattogramChandpur: Line = { CTG: 0, FEN: 89, LKM: 129, CDP: 180 };
