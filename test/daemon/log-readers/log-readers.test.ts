import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rng } from '../../../src/base/rng.ts';
import { connectClient } from '../../../src/client/client.ts';
import type { ClientCheckout } from '../../../src/client/client-answers.ts';
import type { JournalEntry } from '../../../src/daemon/journal.ts';
import { startLicenseServer } from '../../../src/testing/license-server.ts';
import { byFields, byLandmarks, byPattern, type Tally } from './readers.ts';

const CLIENTS = 40;
const STEPS_EACH = 60;
const seed = process.env['FAUXLM_SEED'] ?? 'log-readers';

const text = `SERVER this_host ANY
VENDOR acmed
VENDOR betad
INCREMENT solve acmed 2.0 permanent 25 SIGN=00
INCREMENT mesh_with_a_long_name acmed 2.0 permanent 4 DUP_GROUP=UH SIGN=00
FEATURE free acmed 1.0 permanent uncounted HOSTID=ANY SIGN=00
INCREMENT view betad 3.1 permanent 10 SIGN=00
`;
const options = 'EXCLUDE solve USER user7\nMAX 2 solve USER user8\n';
const features: readonly (readonly [string, string])[] = [
  ['acmed', 'solve'],
  ['acmed', 'mesh_with_a_long_name'],
  ['acmed', 'free'],
  ['betad', 'view'],
  ['acmed', 'nosuch'],
];

let folder: string;
let log: string;
let journal: readonly JournalEntry[];

beforeAll(async () => {
  console.log(`log readers: FAUXLM_SEED=${seed}`);
  folder = mkdtempSync(join(tmpdir(), 'log-readers-'));
  const path = join(folder, 'debug.log');
  const server = await startLicenseServer({
    licenses: { name: 'a.lic', text },
    options: { acmed: { name: 'acmed.opt', text: options } },
    log: path,
  });
  const rng = new Rng(seed);
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) => load(server.address, index, rng)),
  );
  await server.stop();
  for (const close of clients) close();
  journal = server.journal();
  log = readFileSync(path, 'utf8');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** One client's random life; what it holds at its end stays out, until it or the server goes. */
async function load(server: string, index: number, seeds: Rng): Promise<() => void> {
  const rng = seeds.fork(`client ${index}`);
  const who = { user: `user${index % 15}`, host: `ws-${index % 9}.lab.example` };
  const byVendor = {
    acmed: await connectClient({ server, vendor: 'acmed', ...who }),
    betad: await connectClient({ server, vendor: 'betad', ...who }),
  };
  const held: ClientCheckout[] = [];
  for (let step = 0; step < STEPS_EACH; step++) {
    if (held.length > 0 && rng.chance(2, 5)) {
      const [given] = held.splice(rng.below(held.length), 1);
      await byVendor[given!.vendor as 'acmed'].checkin(given!);
      continue;
    }
    const [vendor, feature] = rng.pick(features);
    const count = rng.chance(1, 4) ? 1 + rng.below(5) : 1;
    const version = rng.chance(1, 10) ? '9.0' : '1.0';
    const result = await byVendor[vendor as 'acmed'].checkout(feature, { count, version });
    if (result.ok) held.push(result);
  }
  // Some go without a word.
  if (index % 3 === 0) byVendor.acmed.close();
  return () => {
    byVendor.acmed.close();
    byVendor.betad.close();
  };
}

/** What the journal has, in the shape of a reader's tally. */
function tallyOf(entries: readonly JournalEntry[]): Tally {
  const tally: Tally = { out: new Map(), in: new Map(), denied: new Map(), unsupported: new Map() };
  const add = (counts: Map<string, number>, key: string, by: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + by);
  };
  for (const { vendor, event } of entries) {
    const feature = 'feature' in event ? `${vendor} ${event.feature}` : '';
    if (event.kind === 'checkoutDenied') add(tally.denied, feature, 1);
    if (event.kind === 'featureUnsupported') add(tally.unsupported, feature, 1);
    if (event.kind !== 'seatTaken' && event.kind !== 'seatReturned') continue;
    const key = `${feature} ${event.client.user}@${event.client.host}`;
    add(event.kind === 'seatTaken' ? tally.out : tally.in, key, event.count);
  }
  return tally;
}

const sorted = (counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] =>
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each([
  ['patterns', byPattern],
  ['fields between blanks', byFields],
  ['landmarks', byLandmarks],
])('a log analyser that reads by %s', (_way, read) => {
  test.each(['out', 'in', 'denied', 'unsupported'] as const)(
    'counts %s as the journal does',
    (kind) => {
      const expected = sorted(tallyOf(journal)[kind]);
      expect(expected.length).toBeGreaterThan(0);
      expect(sorted(read(log)[kind])).toEqual(expected);
    },
  );

  test('sees every license that went out come back by the end of the log', () => {
    const { out, in: back } = read(log);
    expect(sorted(back)).toEqual(sorted(out));
  });
});

test('the load had every kind of line in it: several licenses, shutdown, denials of several kinds', () => {
  expect(log).toMatch(/OUT: "solve" \S+ {2}\(\d licenses\) $/m);
  expect(log).toMatch(/IN: "\w+" \S+ {2}(?:\(\d licenses\) ?)?\(SHUTDOWN\)/m);
  for (const code of [-4, -25, -26, -38, -87]) expect(log).toContain(`(${code},`);
});
