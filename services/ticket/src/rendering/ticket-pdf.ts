import type { Ticket } from "@jatra/contracts/http/ticket.ts";
import PdfDocument from "pdfkit";
import { loadFonts } from "./fonts.ts";
import { formatDay, formatFare, formatMoment, formatTime, readableClass } from "./formats.ts";
import { drawQr } from "./draw-qr.ts";
import { writeText } from "./write-text.ts";

const fonts = loadFonts();

/** A5 in points: half a sheet of any printer, a page on any phone. */
const WIDTH = 420;
const MARGIN = 28;
const INNER = WIDTH - 2 * MARGIN;
const COLUMN = INNER / 3;
/** 65 mm: each module of the code is about 0.7 mm. */
const QR_SIZE = 184;
const GREEN = "#006a4e";
const GREY = "#5b6b73";

/** One page: who travels, where and when, in which seat, and the code for the gate (`qr`: its text). */
export const ticketPdf = async (ticket: Ticket, qr: string): Promise<Buffer> => {
  const document = new PdfDocument({
    size: "A5",
    margin: 0,
    info: { Title: `Ticket ${ticket.number}`, Author: "Jatra", Subject: "Railway ticket" },
  });
  for (const [name, bytes] of Object.entries(fonts)) document.registerFont(name, bytes);
  drawHead(document, ticket);
  drawStretch(document, ticket);
  drawDetails(document, ticket);
  drawQr(document, qr, { x: (WIDTH - QR_SIZE) / 2, y: 334, size: QR_SIZE });
  drawFoot(document, ticket);
  document.end();
  return bytesOf(document);
};

const drawHead = (document: PDFKit.PDFDocument, ticket: Ticket): void => {
  document.rect(0, 0, WIDTH, 62).fill(GREEN);
  const onGreen = { colour: "#ffffff", width: INNER / 2 };
  writeText(document, "Jatra", { ...onGreen, x: MARGIN, y: 14, size: 24, weight: "bold" });
  const right = { ...onGreen, x: MARGIN + INNER / 2, align: "right" as const };
  writeText(document, "Railway ticket", { ...right, y: 13, size: 11 });
  writeText(document, ticket.number, { ...right, y: 31, size: 13, weight: "bold" });
};

const drawStretch = (document: PDFKit.PDFDocument, ticket: Ticket): void => {
  const half = INNER / 2 - 20;
  const right = { x: WIDTH - MARGIN - half, width: half, align: "right" as const };
  const left = { x: MARGIN, width: half };
  for (const [stop, side] of [
    [ticket.from, left],
    [ticket.to, right],
  ] as const) {
    writeText(document, stop.code, { ...side, y: 78, size: 26, weight: "bold" });
    writeText(document, stop.name, { ...side, y: 110, size: 11, colour: GREY });
    writeText(document, formatTime(stop.at), { ...side, y: 129, size: 17, weight: "bold" });
    writeText(document, formatDay(stop.at), { ...side, y: 151, size: 10, colour: GREY });
  }
  drawArrow(document, WIDTH / 2, 96);
  document
    .moveTo(MARGIN, 178)
    .lineTo(WIDTH - MARGIN, 178)
    .lineWidth(0.8)
    .stroke("#c9d3d8");
};

/** The fonts have no arrow. */
const drawArrow = (document: PDFKit.PDFDocument, x: number, y: number): void => {
  document.lineWidth(1.6).strokeColor(GREEN);
  document.moveTo(x - 16, y).lineTo(x + 16, y);
  document.moveTo(x + 9, y - 6).lineTo(x + 16, y);
  document.lineTo(x + 9, y + 6).stroke();
};

const drawDetails = (document: PDFKit.PDFDocument, ticket: Ticket): void => {
  const cells = [
    ["Passenger", ticket.passenger, 0, 190, 2],
    ["Fare", formatFare(ticket.fare.amount), 2, 190, 1],
    ["Train", `${ticket.train.number} ${ticket.train.name}`, 0, 236, 2],
    ["Class", readableClass(ticket.class), 2, 236, 1],
    ["Coach", ticket.coach, 0, 282, 1],
    ["Seat", ticket.seatId, 1, 282, 1],
    ["Departs", formatTime(ticket.from.at), 2, 282, 1],
  ] as const;
  for (const [label, value, column, y, span] of cells) {
    const place = { x: MARGIN + column * COLUMN, width: span * COLUMN - 10 };
    writeText(document, label, { ...place, y, size: 9, colour: GREY });
    writeText(document, value, { ...place, y: y + 13, size: 15, weight: "bold" });
  }
};

const drawFoot = (document: PDFKit.PDFDocument, ticket: Ticket): void => {
  const line = { x: MARGIN, width: INNER, align: "center" as const, size: 8.5, colour: GREY };
  const sentences = [
    "Show this code at the gate. It lets one person in, once. Please carry photo identification.",
    "All times are Bangladesh time (UTC+6).",
    `Booking ${ticket.bookingId}  ·  issued ${formatMoment(ticket.issuedAt)}`,
  ];
  sentences.forEach((sentence, index) => {
    writeText(document, sentence, { ...line, y: 531 + index * 14 });
  });
};

const bytesOf = async (document: PDFKit.PDFDocument): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of document) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};
