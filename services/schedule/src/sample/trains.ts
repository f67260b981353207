import {
  chattogramChandpur,
  chattogramSylhet,
  dhakaChattogram,
  dhakaCoxsBazar,
  dhakaKhulna,
  dhakaMohanganj,
  dhakaNoakhali,
  dhakaPanchagarh,
  dhakaRajshahi,
  dhakaRangpur,
  dhakaSylhet,
  type Line,
} from "./lines.ts";

export type SampleTrain = {
  readonly number: string;
  readonly name: string;
  readonly line: Line;
  /** Station codes in the direction of travel. */
  readonly stops: string;
  /** Local time in Dhaka. */
  readonly departs: string;
  /** Average between stops, km/h. */
  readonly speed: number;
  /** Weekday without the train, 0 = Sunday. */
  readonly dayOff?: number;
};

/**
 * Numbers and names of real intercity trains. Stops, times and days off are close to the railway's habits, but made for this
 * platform: do not travel by them. Three trains between Dhaka and Chattogram run every day of the week.
 */
export const sampleTrains: readonly SampleTrain[] = [
  train("701", "Subarna Express", dhakaChattogram, "CTG AIR DHK", "07:00", 66, 1),
  train("702", "Subarna Express", dhakaChattogram, "DHK AIR CTG", "16:30", 66, 1),
  train(
    "703",
    "Mahanagar Godhuli",
    dhakaChattogram,
    "CTG FEN LKM CML AKH BBB AIR DHK",
    "15:00",
    58,
  ),
  train(
    "704",
    "Mahanagar Provati",
    dhakaChattogram,
    "DHK AIR BBB AKH CML LKM FEN CTG",
    "07:45",
    58,
  ),
  train("741", "Turna", dhakaChattogram, "CTG FEN LKM CML AKH BBB AIR DHK", "23:30", 54),
  train("742", "Turna", dhakaChattogram, "DHK AIR BBB AKH CML LKM FEN CTG", "23:15", 54),
  train(
    "721",
    "Mahanagar Express",
    dhakaChattogram,
    "CTG FEN CML AKH BBR BBB NSD AIR DHK",
    "12:30",
    55,
  ),
  train(
    "722",
    "Mahanagar Express",
    dhakaChattogram,
    "DHK AIR NSD BBB BBR AKH CML FEN CTG",
    "21:20",
    55,
  ),
  train("787", "Sonar Bangla Express", dhakaChattogram, "CTG AIR DHK", "17:00", 67, 2),
  train("788", "Sonar Bangla Express", dhakaChattogram, "DHK AIR CTG", "07:00", 67, 3),
  train("813", "Cox's Bazar Express", dhakaCoxsBazar, "CXB CTG AIR DHK", "12:40", 57, 2),
  train("814", "Cox's Bazar Express", dhakaCoxsBazar, "DHK AIR CTG CXB", "22:30", 57, 1),
  train("709", "Parabat Express", dhakaSylhet, "DHK AIR BBB SHG SRM KUL SYL", "06:30", 52, 2),
  train("710", "Parabat Express", dhakaSylhet, "SYL KUL SRM SHG BBB AIR DHK", "16:00", 52, 2),
  train(
    "739",
    "Upaban Express",
    dhakaSylhet,
    "DHK AIR NSD BBB SHG SRM KUL MJG SYL",
    "22:00",
    48,
    3,
  ),
  train("740", "Upaban Express", dhakaSylhet, "SYL MJG KUL SRM SHG BBB NSD AIR DHK", "23:30", 48),
  train(
    "711",
    "Upakul Express",
    dhakaNoakhali,
    "NKL LKM CML AKH BBR AHJ BBB AIR DHK",
    "06:00",
    47,
    3,
  ),
  train(
    "712",
    "Upakul Express",
    dhakaNoakhali,
    "DHK AIR BBB AHJ BBR AKH CML LKM NKL",
    "15:10",
    47,
    2,
  ),
  train(
    "719",
    "Paharika Express",
    chattogramSylhet,
    "CTG FEN LKM CML AKH SHG SRM KUL SYL",
    "07:50",
    48,
    1,
  ),
  train(
    "724",
    "Udayan Express",
    chattogramSylhet,
    "SYL MJG KUL SRM SHG AKH CML LKM FEN CTG",
    "22:00",
    48,
    0,
  ),
  train("729", "Meghna Express", chattogramChandpur, "CTG FEN LKM CDP", "17:15", 46),
  train(
    "753",
    "Silk City Express",
    dhakaRajshahi,
    "DHK AIR JOY TGL MMA ULP CTM ADP RJS",
    "14:30",
    50,
    0,
  ),
  train(
    "754",
    "Silk City Express",
    dhakaRajshahi,
    "RJS ADP CTM ULP MMA TGL JOY AIR DHK",
    "07:40",
    50,
    0,
  ),
  train(
    "759",
    "Padma Express",
    dhakaRajshahi,
    "DHK AIR JOY TGL MMA ULP CTM ADP RJS",
    "22:45",
    52,
    2,
  ),
  train(
    "763",
    "Chitra Express",
    dhakaKhulna,
    "KLN JSR CDG PRD ISD CTM ULP MMA AIR DHK",
    "09:00",
    50,
    1,
  ),
  train(
    "764",
    "Chitra Express",
    dhakaKhulna,
    "DHK AIR JOY MMA ULP CTM ISD PRD CDG JSR KLN",
    "19:30",
    50,
    1,
  ),
  train(
    "771",
    "Rangpur Express",
    dhakaRangpur,
    "DHK AIR TGL CTM NTR STH BOG GBD RNP",
    "09:10",
    49,
    1,
  ),
  train(
    "772",
    "Rangpur Express",
    dhakaRangpur,
    "RNP GBD BOG STH NTR CTM TGL AIR DHK",
    "20:10",
    49,
    0,
  ),
  train(
    "793",
    "Panchagarh Express",
    dhakaPanchagarh,
    "DHK AIR NTR STH JPR PBT DNJ TKG PCG",
    "23:30",
    53,
  ),
  train(
    "794",
    "Panchagarh Express",
    dhakaPanchagarh,
    "PCG TKG DNJ PBT JPR STH NTR AIR DHK",
    "12:10",
    53,
  ),
  train("777", "Haor Express", dhakaMohanganj, "DHK AIR JOY GFG MYM NTK MHG", "22:15", 42, 3),
  train("778", "Haor Express", dhakaMohanganj, "MHG NTK MYM GFG JOY AIR DHK", "08:00", 42, 4),
];

function train(
  number: string,
  name: string,
  line: Line,
  stops: string,
  departs: string,
  speed: number,
  dayOff?: number,
): SampleTrain {
  const day = dayOff === undefined ? {} : { dayOff };
  return { number, name, line, stops, departs, speed, ...day };
}
