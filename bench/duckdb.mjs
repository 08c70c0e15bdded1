// Peer: DuckDB, in memory, with the column types declared (no sniffing to pay for).
//
//   --mode table  every column into a FLOAT column of a temporary table: columns that stay.
//   --mode sums   one sum per column: every cell is parsed to FLOAT and dropped, which is what
//                 leat does when it drops its chunks. The driver takes the faster of the two.
//   --mode gram   the sums of a linear model, X'X and X'y with a column of ones, summed in
//                 DOUBLE as leat does, straight from the file in one pass.

import { DuckDBInstance } from '@duckdb/node-api';
import { columnNames, options, printLine } from './peer.mjs';

const { data, mode, threads } = options('sums');
const names = columnNames(data);

/** The file as a table expression of FLOAT columns. */
function source() {
  const types = names.map((name) => `'${name}': 'FLOAT'`).join(', ');
  const path = data.replaceAll("'", "''");
  return `read_csv('${path}', auto_detect=false, header=true, delim=',', quote='', escape='',
                   new_line='\\n', columns={${types}})`;
}

/** All products of two columns, target included, each pair once. */
function pairSums() {
  const sums = names.map((name) => `sum("${name}"::DOUBLE)`);
  for (let i = 0; i < names.length; ++i)
    for (let j = i; j < names.length; ++j)
      sums.push(`sum("${names[i]}"::DOUBLE * "${names[j]}"::DOUBLE)`);
  return sums;
}

const queries = {
  table: () => [`CREATE TEMP TABLE t AS SELECT * FROM ${source()}`, 'SELECT count(*) FROM t'],
  sums: () => [`SELECT count(*), ${names.map((n) => `sum("${n}")`).join(', ')} FROM ${source()}`],
  gram: () => [`SELECT count(*), ${pairSums().join(', ')} FROM ${source()}`],
};
if (!queries[mode]) {
  console.error(`--mode ${mode} is unknown: use table, sums or gram`);
  process.exit(2);
}

const instance = await DuckDBInstance.create(':memory:', {
  threads, preserve_insertion_order: 'false',
});
const connection = await instance.connect();
const begin = process.hrtime.bigint();
let rows = 0;
for (const query of queries[mode]()) {
  const reader = await connection.runAndReadAll(query);
  rows = Number(reader.getRows()[0]?.[0] ?? 0);
}
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
const version = (await connection.runAndReadAll('SELECT version()')).getRows()[0][0];
printLine('duckdb', seconds, rows, { mode, threads: Number(threads), version });
