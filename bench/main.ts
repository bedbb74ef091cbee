import { run as clientLog } from './client-log.ts';
import { run as clock } from './clock.ts';
import { run as codec } from './codec.ts';
import { type BenchRow, type BenchSize, meets, renderRow } from './harness.ts';
import { run as ledger } from './ledger.ts';
import { run as lmstat } from './lmstat.ts';
import { run as lmutil } from './lmutil-start.ts';
import { run as parse } from './parse.ts';
import { run as plan } from './plan.ts';
import { run as wire } from './wire.ts';

/**
 * `npm run bench -- [--small] [NAME ...]`: the table, or the rows of the named benches. Exit 4 when a bar is
 * missed at full size; the small size proves that the benches run and do their work, not how fast.
 */
const benches: Readonly<
  Record<string, (size: BenchSize) => readonly BenchRow[] | Promise<readonly BenchRow[]>>
> = {
  wire,
  lmutil,
  lmstat,
  parse,
  ledger,
  clock,
  codec,
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
let missed = 0;
for (const name of named.length > 0 ? named : Object.keys(benches)) {
  for (const row of await benches[name]!(size)) {
    process.stdout.write(`${renderRow(row)}\n`);
    if (meets(row) === false) missed++;
  }
}
process.exitCode = size === 'full' && missed > 0 ? 4 : 0;
