import { mkdirSync } from 'node:fs';
import type { Folder } from '../e2e/processes.ts';

/**
 * A package in the place of DuckDB, whose 70 MB only the slow suite installs (test/slow/duckdb.test.ts). It tells what it
 * was asked in the file `asked`, has as many rows as FAKE_ROWS says, and takes `bad` for no SQL.
 */
export function installStandIn(folder: Folder, text = standIn): void {
  mkdirSync(folder.at('node_modules/@duckdb/node-api'), { recursive: true });
  folder.file('node_modules/@duckdb/node-api/index.js', text);
}

const standIn = `
const { appendFileSync } = require('node:fs');
const tell = (words) => appendFileSync('asked', words + '\\n');
class DuckDBTimestampTZValue { constructor(micros) { this.micros = micros; } }
class DuckDBDecimalValue { toString() { return '-1.50'; } }
class DuckDBListValue { constructor(items) { this.items = items; } }
class Other {}
const row = (at) => [
  'user' + at, at, 9007199254740993n, new DuckDBDecimalValue(),
  new DuckDBTimestampTZValue(1767225600000000n), new DuckDBListValue([1, 'x']), null, '=1\\x1b[2J',
];
const types = ['VARCHAR', 'INTEGER', 'BIGINT', 'DECIMAL(9,2)', 'TIMESTAMP WITH TIME ZONE', 'INTEGER[]', 'VARCHAR', 'VARCHAR'];
const kinds = { SELECT: 1, COPY: 11, CREATE: 7, EXPLAIN: 4 };
function prepared(sql) {
  const statementType = kinds[sql.trim().split(' ')[0]];
  let left = Number(process.env.FAKE_ROWS ?? 2);
  let at = 0;
  const fetchChunk = async () => {
    const rows = Array.from({ length: Math.min(2, left) }, () => row(++at));
    left -= rows.length;
    return { rowCount: rows.length, getRows: () => rows };
  };
  return {
    statementType,
    run: async () => tell('run ' + sql.trim()),
    stream: async () => {
      tell('stream ' + sql.trim());
      const names = ['user', 'n', 'big', 'share', 'at', 'list', 'none', 'odd'];
      return { deduplicatedColumnNames: () => names, columnTypes: () => types, fetchChunk };
    },
  };
}
const connection = {
  run: async (sql) => tell(sql),
  extractStatements: async (sql) => {
    if (sql === 'bad') throw new Error('Failed to extract statements: Parser Error: bad\\n\\nLINE 1: bad\\n        ^');
    const parts = sql.split(';').filter((part) => part.trim() !== '');
    return { count: parts.length, prepare: async (index) => prepared(parts[index]) };
  },
  interrupt: () => tell('interrupt'),
  closeSync: () => tell('close'),
};
module.exports = {
  DuckDBInstance: {
    create: async (path, settings) => {
      tell(path + ' ' + Object.keys(settings).join(' '));
      return { connect: async () => connection, closeSync: () => {} };
    },
  },
  StatementType: Object.fromEntries(Object.entries(kinds).map(([name, number]) => [number, name])),
  DuckDBTimestampTZValue, DuckDBDecimalValue, DuckDBListValue,
  DuckDBArrayValue: Other, DuckDBStructValue: Other, DuckDBMapValue: Other,
};
`;
