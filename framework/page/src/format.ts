// Figures as people read them. What is not known is "–".

export const unknown = "–";

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/// 41.2 M, 3.9 k, 512. Three digits are enough to watch.
export function count(value: number | string | null | undefined): string {
  const number = Number(value ?? NaN);
  if (!Number.isFinite(number)) return unknown;
  const size = Math.abs(number);
  for (const [from, unit] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) {
    if (size >= from * 0.9995) return digits(number / from) + " " + unit;
  }
  return Number.isInteger(number) ? String(number) : digits(number);
}

/// 310 MiB.
export function bytes(value: number | string | null | undefined): string {
  let number = Number(value ?? NaN);
  if (!Number.isFinite(number)) return unknown;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; Math.abs(number) >= 999.5 && unit < units.length - 1; ++unit) number /= 1024;
  return (unit === 0 ? String(Math.round(number)) : digits(number)) + " " + units[unit];
}

function digits(number: number): string {
  const size = Math.abs(number);
  return number.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

/// A share of 0 to 1.
export function percent(value: number | null | undefined): string {
  return isNumber(value) ? Math.round(value * 100) + "%" : unknown;
}

/// 0.3 s, 14 s, 12:07, 3:02:01, 2 d 4 h.
export function duration(seconds: number | null | undefined): string {
  if (!isNumber(seconds)) return unknown;
  if (seconds === 0) return "0 s";
  if (seconds < 0.0995) return seconds < 1e-3 ? Math.round(seconds * 1e6) + " µs" : (seconds * 1e3).toFixed(seconds < 0.01 ? 1 : 0) + " ms";
  if (seconds < 9.95) return seconds.toFixed(1) + " s";
  if (seconds < 59.5) return Math.round(seconds) + " s";
  const whole = Math.round(seconds);
  if (whole >= 172800) return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
  const two = (number: number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor((whole % 3600) / 60);
  return (hours ? `${hours}:${two(minutes)}` : String(minutes)) + ":" + two(whole % 60);
}

/// "14–16 s left", of the least and the most.
export function left(least: number | undefined, most: number | undefined): string {
  if (!isNumber(least) || !isNumber(most)) return unknown;
  const low = duration(least), high = duration(most);
  if (low === high) return low;
  const unit = (text: string) => text.replace(/^[\d.:]+/, "");
  return unit(low) === unit(high) ? low.slice(0, low.length - unit(low).length) + "–" + high : low + "–" + high;
}

const two = (number: number) => String(number).padStart(2, "0");

/// "+02:00", of the reader's zone at that time.
function zoneOf(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  return (minutes < 0 ? "-" : "+") + two(Math.floor(Math.abs(minutes) / 60)) + ":" + two(Math.abs(minutes) % 60);
}

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "local";

/// 14:03:22, with its day where that is not today. The zone is named once, at the foot of the page.
export function clock(time: Date, withDay = !sameDay(time, new Date())): string {
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} `;
  return (withDay ? day : "") + `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/// All there is to say of a time: for who hovers over it.
export function exactly(time: Date): string {
  return `${time.toISOString().replace("T", " ").replace("Z", " UTC")} (${clock(time, true)} ${zone}, ${zoneOf(time)})`;
}

function sameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}
