// Peer of the tables benchmark: Polars, with the column types declared. Modes as those of tables_duckdb.mjs.

import { spawnSync } from 'node:child_process';
import { options, printLine } from './peer.mjs';

const { data, mode, threads } = options('narrow');
if (process.env.POLARS_MAX_THREADS !== threads) {
  const env = { ...process.env, POLARS_MAX_THREADS: threads };
  const again = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
  process.exit(again.status ?? 1);
}

const { default: pl } = await import('nodejs-polars');
const schema = { hour: pl.Int64, delay: pl.Int64, distance: pl.Int64, fare: pl.Float64, state: pl.Utf8 };
const scan = () => pl.scanCSV(data, { schema });
const band = pl.col('distance').div(pl.lit(500)).cast(pl.Int64).alias('band');
const queries = {
  narrow: () => scan().collect(),
  groups: () => scan().groupBy([pl.col('hour'), band]).agg(pl.len().alias('flights'), pl.col('delay').mean().alias('mean'))
    .collect({ engine: 'streaming' }),
  top: () => scan().sort('delay', true).limit(20).collect({ engine: 'streaming' }),
  words: () => pl.scanCSV(data, { hasHeader: false, schema: { line: pl.Utf8 }, sep: '\t' })
    .select(pl.col('line').str.split(' ').explode().alias('word')).groupBy('word').agg(pl.len().alias('n'))
    .sort('word').collect(),
};
if (!queries[mode]) {
  console.error(`--mode ${mode} is unknown: use ${Object.keys(queries).join(', ')}`);
  process.exit(2);
}
const begin = process.hrtime.bigint();
await queries[mode]();
printLine('polars', Number(process.hrtime.bigint() - begin) / 1e9, 1, { mode, threads: Number(threads) });
