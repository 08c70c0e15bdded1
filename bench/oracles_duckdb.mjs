// The recipe of the oracles: asks DuckDB what tests/oracles asks leat.
//
//   python3 tests/oracles/cases.py | node bench/oracles_duckdb.mjs tests/oracles
//
// Of each question it writes expected/INPUT.NAME.jsonl: first the columns with their types, then a row a line. Numbers
// and times are text, so that NaN, -0 and large integers stay what they are.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = process.argv[2];
const { types, macros, questions } = JSON.parse(readFileSync(0, 'utf8'));
const names = { f64: 'DOUBLE', f32: 'FLOAT', f16: 'DOUBLE', i64: 'BIGINT', i32: 'INTEGER', bool: 'BOOLEAN', text: 'VARCHAR', timestamp: 'TIMESTAMP' };

function shown(value) {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number') return String(value).toLowerCase().replace('infinity', 'inf');
  if (typeof value === 'bigint') return String(value);
  if (value.micros !== undefined) return String(value.micros);
  throw new Error(`a value of no type that leat has: ${value}`);
}

const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
for (const macro of macros) await connection.run(macro);
rmSync(`${folder}/expected`, { recursive: true, force: true });
mkdirSync(`${folder}/expected`);
const columns = Object.entries(types).map(([name, type]) => `'${name}': '${names[type]}'`).join(', ');
let loaded;
for (const { input, name, sql } of questions.sort((a, b) => a.input.localeCompare(b.input))) {
  if (loaded !== input) {
    await connection.run(`CREATE OR REPLACE TABLE rows AS SELECT * FROM read_csv('${folder}/inputs/${input}.csv',
      auto_detect=false, header=true, delim=',', quote='"', escape='"', nullstr='', allow_quoted_nulls=false,
      columns={${columns}})`);
    loaded = input;
  }
  let reader;
  try {
    reader = await connection.runAndReadAll(sql);
  } catch (error) {
    throw new Error(`${name} of ${input}: ${sql}`, { cause: error });
  }
  const header = reader.columnNames().map((column, i) => [column, String(reader.columnType(i))]);
  const lines = [header, ...reader.getRows().map((row) => row.map(shown))].map((line) => JSON.stringify(line));
  writeFileSync(`${folder}/expected/${input}.${name}.jsonl`, lines.join('\n') + '\n');
}
console.log(`${questions.length} expected files in ${folder}/expected`);
