// What the peers in JavaScript share: their options and their one line of JSON.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Options of a peer: --data FILE, --mode MODE, --threads N. */
export function options(defaultMode) {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      mode: { type: 'string', default: defaultMode },
      threads: { type: 'string', default: '2' },
    },
  });
  if (!values.data) {
    console.error('--data FILE is missing: give the CSV file to read');
    process.exit(2);
  }
  return values;
}

/** Names of the columns, from the first line of the file. */
export function columnNames(path) {
  const bytes = Buffer.alloc(1 << 20);
  const file = openSync(path);
  const start = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
  closeSync(file);
  return start.slice(0, start.indexOf('\n')).trim().split(',');
}

/** Largest resident set of this process so far, in MB (10^6 bytes). */
function peakRssMb() {
  const line = readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s+(\d+)/);
  return line ? (Number(line[1]) * 1024) / 1e6 : 0;
}

/** Prints the line the driver reads. */
export function printLine(program, seconds, items, more) {
  console.log(JSON.stringify({
    program, seconds, items, per_second: items / seconds, peak_rss_mb: peakRssMb(), ...more,
  }));
}
