/** Room for ten million tickets before the numbers get longer, which they may. */
const SERIAL_DIGITS = 7;

/**
 * A ticket's number for people, `JT-261201-0000042-6`: day of travel, serial number, check digit. The serial alone is unique;
 * the check digit (Luhn, as on bank cards) catches any single wrong digit and most swaps when it is read out or typed.
 */
export const ticketNumber = (serial: number, departsAt: Date): string => {
  const day = dayInDhaka(departsAt);
  const digits = String(serial).padStart(SERIAL_DIGITS, "0");
  return `JT-${day}-${digits}-${luhnDigit(`${day}${digits}`)}`;
};

const calendar = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Dhaka",
  year: "2-digit",
  month: "2-digit",
  day: "2-digit",
});

/** The day on the passengers' calendar, YYMMDD. */
const dayInDhaka = (at: Date): string => calendar.format(at).replaceAll(/\D/g, "");

const luhnDigit = (digits: string): number => {
  const sum = digits
    .split("")
    .toReversed()
    .reduce((total, character, index) => {
      const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
      return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
  return (10 - (sum % 10)) % 10;
};
