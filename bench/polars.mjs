// Peer: Polars, CSV to Float32 columns with the types declared.
//
//   --mode frame  the whole file as a DataFrame.
//   --mode sums   a lazy scan with one sum per column: every cell parsed, no frame kept.
//                 The driver takes the faster of the two.
//
// Polars reads its number of threads from the environment before it starts, so the program
// starts itself once more with POLARS_MAX_THREADS set.

import { spawnSync } from 'node:child_process';
import { columnNames, options, printLine } from './peer.mjs';

const { data, mode, threads } = options('frame');
if (process.env.POLARS_MAX_THREADS !== threads) {
  const env = { ...process.env, POLARS_MAX_THREADS: threads };
  const again = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
  process.exit(again.status ?? 1);
}

const { default: pl } = await import('nodejs-polars');
const names = columnNames(data);
const schema = Object.fromEntries(names.map((name) => [name, pl.Float32]));

const begin = process.hrtime.bigint();
let rows;
if (mode === 'frame') {
  rows = pl.readCSV(data, { schema, rechunk: false }).height;
} else if (mode === 'sums') {
  const sums = names.map((name) => pl.col(name).sum());
  const counted = pl.scanCSV(data, { schema }).select(pl.len().alias('rows'), ...sums);
  rows = (await counted.collect({ streaming: true })).getColumn('rows').get(0);
} else {
  console.error(`--mode ${mode} is unknown: use frame or sums`);
  process.exit(2);
}
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
printLine('polars', seconds, Number(rows), { mode, threads: pl.threadPoolSize?.() ?? Number(threads) });
