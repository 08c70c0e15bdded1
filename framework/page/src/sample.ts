// What the beginning of a CSV file looks like, to be shown while it is on its way: the service reads it by its own rules.
// Pure.

export const kSampled = 64 * 1024; // bytes
const kShown = 8;                  // rows

export interface Sample {
  names: string[];
  types: string[];
  rows: string[][];
  read?: boolean; // the service has read it
}

/// Of the first text of a file; `whole`: all of it. Null where it is no CSV, as far as this tells.
export function sampleOf(text: string, whole: boolean): Sample | null {
  if (text.includes("\0") || /^\s*[{[]/.test(text)) return null;
  const delimiter = delimiterOf(text.slice(0, text.indexOf("\n") + 1 || text.length));
  const records = recordsOf(text, delimiter, whole);
  const [names] = records;
  if (!names) return null;
  const rows = records.slice(1).filter((one) => one.length === names.length);
  return { names, types: names.map((_, at) => typeOf(rows.map((row) => row[at]!))), rows: rows.slice(0, kShown) };
}

function delimiterOf(line: string): string {
  let found = ",", most = 0;
  for (const one of [",", ";", "\t", "|"]) {
    const count = line.split(one).length;
    if (count > most) [found, most] = [one, count];
  }
  return found;
}

/// Records; the last one only where it ends.
function recordsOf(text: string, delimiter: string, whole: boolean): string[][] {
  const records: string[][] = [];
  let record: string[] = [], cell = "", quoted = false, begun = false;
  const end = () => {
    record.push(cell);
    records.push(record);
    record = [];
    cell = "";
    begun = false;
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; ++at) {
    const one = text[at]!;
    if (quoted) {
      if (one !== '"') cell += one;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (one === '"' && cell === "") {
      quoted = begun = true;
    } else if (one === delimiter) {
      record.push(cell);
      cell = "";
      begun = true;
    } else if (one === "\n") {
      if (begun || cell !== "") end();
    } else if (one !== "\r") {
      cell += one;
    }
  }
  if (whole && !quoted && (begun || cell !== "")) end();
  return records;
}

const kTypes: [string, RegExp][] = [
  ["i64", /^[+-]?\d{1,18}$/],
  ["f64", /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i],
  ["bool", /^(true|false)$/i],
  ["timestamp", /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/],
];

function typeOf(cells: readonly string[]): string {
  const given = cells.filter((one) => one !== "" && one !== "NA");
  if (!given.length) return "text";
  return kTypes.find(([, pattern]) => given.every((one) => pattern.test(one)))?.[0] ?? "text";
}
