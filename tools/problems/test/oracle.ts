import type { ProblemRow } from "../mixture.ts";

/** Solves a problem from its text alone, by counting and stepping instead of the generator's formulas. */
export function solve({ instruction, source }: ProblemRow): string {
  const oracle = ORACLES[source];
  if (oracle === undefined) throw new Error(`no oracle for ${source}`);
  return oracle(instruction, numbersIn(instruction));
}

type Oracle = (text: string, numbers: number[]) => string;

const ORACLES: Readonly<Record<string, Oracle>> = {
  arithmetic: (text, [a, b]) => `${tally(text.includes("+") ? "+" : text.includes("x") ? "x" : "-", a, b)}`,
  comparison: (text, [a, b]) => {
    const [low, high] = [a, b].toSorted((p, q) => p - q);
    if (text.startsWith("Is")) return high === a ? "yes" : "no";
    return `${text.includes("larger") ? high : low}`;
  },
  // the second difference of an arithmetic sequence is zero: t5 = 3 t4 - 3 t3 + t2
  sequence: (_, [, t2, t3, t4]) => `${3 * t4 - 3 * t3 + t2}`,
  "word-problem": (text, [a, b]) => {
    const sign = text.includes("buys")
      ? "+"
      : text.includes("gives")
        ? "-"
        : text.includes("bags")
          ? "x"
          : "/";
    return `${a} ${sign} ${b} = ${tally(sign, a, b)}`;
  },
  counting: (text) => {
    const [question, list] = text.split(": ");
    const wanted = question.split(" ").find((word) => /^(cat|dog|bird|fish)$/.test(word)) ?? "";
    return `${list.split(wanted).length - 1}`;
  },
  // counting sort over the ten digits
  sorting: (text, numbers) => {
    const digits = text.includes("small to") ? "0123456789" : "9876543210";
    return [...digits].flatMap((digit) => numbers.filter((n) => `${n}` === digit)).join(" ");
  },
  units: (text, [amount]) => {
    const [, from, to] = /^Convert \d+ (\w+) to (\w+)/.exec(text) ?? [];
    const [, to2, from2] = /^How many (\w+) are \d+ (\w+)/.exec(text) ?? [];
    const [large, small] = [from ?? from2, to ?? to2];
    return `${(amount * BASE[large]) / BASE[small]} ${small}`;
  },
  clock: (text, [hour, minute, minutes]) => {
    const now = new Date(Date.UTC(2020, 0, 1, hour, minute));
    now.setUTCMinutes(now.getUTCMinutes() + (text.includes("ago") ? -minutes : minutes));
    const shown = now.toLocaleTimeString("en-US", { timeZone: "UTC", hour: "numeric", minute: "2-digit" });
    return shown.slice(0, shown.indexOf(":") + 3);
  },
  change: (_, [price, paid]) => `${tally("-", paid, price)} cents`,
  weekday: (text, [days]) => {
    const start = new Date(Date.UTC(2024, 0, 1));
    const name = (date: Date) => date.toLocaleDateString("en-US", { timeZone: "UTC", weekday: "long" });
    while (!text.includes(name(start))) start.setUTCDate(start.getUTCDate() + 1);
    start.setUTCDate(start.getUTCDate() + (text.includes("after") ? days : -days));
    return name(start);
  },
  roman: (text, [value]) => {
    const [, numeral] = /number is ([IVXL]+) in/.exec(text) ?? [];
    return numeral === undefined ? ROMAN[value] : `${ROMAN.indexOf(numeral)}`;
  },
  binary: (text, [number]) => {
    if (text.startsWith("Write")) return halvings(number);
    return `${[...`${number}`].reduce((value, bit) => value + value + Number(bit), 0)}`;
  },
};

const BASE: Readonly<Record<string, number>> = {
  cm: 0.01,
  m: 1,
  km: 1000,
  g: 1,
  kg: 1000,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 1,
  weeks: 7,
  months: 1,
  years: 12,
};

/** Tens and ones side by side: the table that schoolbooks print, built digit by digit. */
const ROMAN: readonly string[] = ["", "X", "XX", "XXX", "XL", "L", "LX"].flatMap((tens) =>
  ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"].map((ones) => tens + ones),
);

function numbersIn(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

/** The four operations by counting one step at a time. */
function tally(sign: string, a: number, b: number): number {
  let count = 0;
  if (sign === "/") {
    for (let rest = a; rest > 0; rest -= b) count++;
    return count;
  }
  if (sign === "-") {
    while (b + count < a) count++;
    return count;
  }
  for (let i = 0; i < a; i++) for (let j = 0; j < (sign === "x" ? b : 1); j++) count++;
  for (let j = 0; sign === "+" && j < b; j++) count++;
  return count;
}

function halvings(number: number): string {
  if (number < 2) return `${number}`;
  return halvings(Math.floor(number / 2)) + (number % 2 === 0 ? "0" : "1");
}
