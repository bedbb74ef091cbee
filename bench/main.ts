import { run as clientLog } from './client-log.ts';
import { run as clock } from './clock.ts';
import { run as codec } from './codec.ts';
import { run as control } from './control.ts';
import { run as crowd } from './crowd.ts';
import { run as generator } from './generator.ts';
import { type BenchSize, meets, renderRow, type TableRow } from './harness.ts';
import { run as held } from './held.ts';
import { entryOf, History } from './history.ts';
import { run as ledger } from './ledger.ts';
import { run as lmstat } from './lmstat.ts';
import { run as lmutil } from './lmutil-start.ts';
import { run as openLoad } from './open-load.ts';
import { run as oversell } from './oversell.ts';
import { run as parse } from './parse.ts';
import { run as peers } from './peers.ts';
import { run as plan } from './plan.ts';
import { run as wire } from './wire.ts';

/**
 * `npm run bench -- [--small] [NAME ...]`: the table, or the rows of the named benches. Exit 4 when a bar is
 * missed at full size; the small size proves that the benches run and do their work, not how fast.
 */
const benches: Readonly<
  Record<string, (size: BenchSize) => readonly TableRow[] | Promise<readonly TableRow[]>>
> = {
  wire,
  crowd,
  'open-load': openLoad,
  held,
  generator,
  oversell,
  peers,
  lmutil,
  lmstat,
  parse,
  ledger,
  clock,
  codec,
  control,
  plan,
  'client-log': clientLog,
};

const words = process.argv.slice(2);
const size: BenchSize = words.includes('--small') ? 'small' : 'full';
const named = words.filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: expected ${Object.keys(benches).join(', ')}, got ${unknown.join(', ')}\n`,
  );
  process.exit(2);
}
process.stdout.write(`fauxlm bench, ${size} size, Node ${process.versions.node}\n`);
const history = new History();
const before = history.latest(size);
const rows: TableRow[] = [];
for (const name of named.length > 0 ? named : Object.keys(benches)) {
  for (const row of await benches[name]!(size)) {
    process.stdout.write(`${renderRow(row, before.get(row.name))}\n`);
    rows.push(row);
  }
}
const entry = entryOf(size, rows, new Date());
history.add(entry);
const missed = rows.filter((row) => meets(row) === false).length;
const skipped = rows.filter((row) => 'skipped' in row).length;
process.stdout.write(
  `${rows.length} rows, ${missed} missed, ${skipped} skipped; work ${entry.hash}; kept in ${history.path}\n`,
);
process.exitCode = size === 'full' && missed > 0 ? 4 : 0;
