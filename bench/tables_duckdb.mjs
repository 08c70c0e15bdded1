// Peer of the tables benchmark: DuckDB, with the column types declared.
//
//   --mode narrow  all five columns of the flights file into a temporary table
//   --mode groups  count and mean delay by hour and band, straight from the file
//   --mode top     the twenty longest delays, straight from the file
//   --mode words   words of a text, counted
//   --mode table-groups, table-top  the same from DuckDB's own table, in a database beside the file, which another
//                                   process makes first; asked twice, so that what is timed finds it in memory

import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { options, printLine } from './peer.mjs';

const { data, mode, threads } = options('narrow');
const path = data.replaceAll("'", "''");
const file = `read_csv('${path}', auto_detect=false, header=true, delim=',', quote='', escape='', new_line='\\n',
  columns={'hour': 'BIGINT', 'delay': 'BIGINT', 'distance': 'BIGINT', 'fare': 'DOUBLE', 'state': 'VARCHAR'})`;
const groups = (from) => `SELECT hour, distance // 500 AS band, count(*), avg(delay) FROM ${from} GROUP BY ALL ORDER BY ALL`;
const top = (from) => `SELECT * FROM ${from} ORDER BY delay DESC LIMIT 20`;
const queries = {
  narrow: [`CREATE TEMP TABLE t AS SELECT * FROM ${file}`],
  groups: [groups(file)],
  top: [top(file)],
  words: [`SELECT word, count(*) FROM (SELECT unnest(string_split(line, ' ')) AS word FROM
    read_csv('${path}', header=false, columns={'line': 'VARCHAR'}, delim='\\t', quote='', escape='', auto_detect=false))
    GROUP BY word ORDER BY word`],
  'table-make': [`CREATE TABLE t AS SELECT * FROM ${file}`],
  'table-groups': [groups('t')],
  'table-top': [top('t')],
};
if (!queries[mode]) {
  console.error(`--mode ${mode} is unknown: use ${Object.keys(queries).join(', ')}`);
  process.exit(2);
}

const database = `${data}.duckdb`;
const own = mode.startsWith('table-');
if (own && mode !== 'table-make' && !existsSync(database)) {
  const made = spawnSync(process.execPath, [process.argv[1], '--data', data, '--mode', 'table-make'], { stdio: ['ignore', 2, 'inherit'] });
  if (made.status !== 0) process.exit(made.status ?? 1);
}
const place = !own ? ':memory:' : mode === 'table-make' ? `${database}.part` : database;
const instance = await DuckDBInstance.create(place, { threads, preserve_insertion_order: 'false' });
const connection = await instance.connect();
const ask = async () => {
  for (const query of queries[mode]) await connection.runAndReadAll(query);
};
if (own && mode !== 'table-make') await ask();
const begin = process.hrtime.bigint();
await ask();
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
printLine('duckdb', seconds, 1, { mode, threads: Number(threads) });
if (mode === 'table-make') {
  connection.closeSync();
  instance.closeSync();
  renameSync(`${database}.part`, database);
}
