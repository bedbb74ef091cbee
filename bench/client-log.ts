import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert } from '../src/base/errors.ts';
import type { SearchedLicense } from '../src/client/candidates.ts';
import { requestCheckout } from '../src/client/checkout.ts';
import { openClientLog } from '../src/client/client-log.ts';
import { type ClientContext, clientContext } from '../src/client/context.ts';
import { type PathElement, parseLicensePath } from '../src/client/license-path.ts';
import { type LicenseServer, startServer } from '../src/daemon/server.ts';
import { alternate, type BenchRow, type BenchSize, renderRow } from './harness.ts';

/**
 * What the client debug log costs, as Intel warns of its own: the same work with and without one,
 * alternately in one run against one server in this process. A row's ratio is how many times as
 * long it takes with the log; its hash is of the lines written. No bar: the log is for looking, and
 * each line is on disk before the next step.
 */
const sizes = {
  small: { rounds: 3, flows: 10, checkouts: 50 },
  full: { rounds: 11, flows: 300, checkouts: 2_000 },
} as const;

const wanted: SearchedLicense = { feature: 'bench', count: 1, version: '1.0', data: '' };
const LICENSE = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT bench acmed 1.0 permanent 10 SIGN=00',
  '',
].join('\n');

/** Does the work once so many times and gives the microseconds each took. */
type Work = (
  context: ClientContext,
  path: readonly PathElement[],
  times: number,
) => Promise<number>;

const works: readonly {
  readonly name: string;
  readonly times: 'flows' | 'checkouts';
  work: Work;
}[] = [
  {
    name: 'client log: connect, checkout, check-in, close',
    times: 'flows',
    async work(context, path, times) {
      const began = performance.now();
      for (let flow = 0; flow < times; flow++) {
        const { session, handle } = await checkedOut(path, context);
        await session.checkin(handle);
        session.close();
      }
      return ((performance.now() - began) * 1_000) / times;
    },
  },
  {
    name: 'client log: checkout, check-in on a held session',
    times: 'checkouts',
    async work(context, path, times) {
      const { session } = await checkedOut(path, context);
      const began = performance.now();
      for (let pair = 0; pair < times; pair++) {
        const answer = await session.checkout(wanted);
        assert(answer.ok, 'a seat is free');
        await session.checkin(answer.handle);
      }
      const each = ((performance.now() - began) * 1_000) / times;
      session.close();
      return each;
    },
  },
];

async function checkedOut(path: readonly PathElement[], context: ClientContext) {
  const grant = await requestCheckout(wanted, path, context);
  assert(grant.ok && grant.held !== undefined, 'a seat is free at the server');
  return grant.held;
}

/** The rows of the client debug log. */
export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const licenses = [{ name: 'bench.lic', text: LICENSE }];
  const server = await startServer({ licenses, port: 0 });
  try {
    const rows: BenchRow[] = [];
    for (const [index, each] of works.entries()) {
      const file = join(folder, `client-${index}.log`);
      rows.push(await rowOf(each, server, file, size));
    }
    return rows;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rowOf(
  { name, times, work }: (typeof works)[number],
  server: LicenseServer,
  file: string,
  size: BenchSize,
): Promise<BenchRow> {
  const { rounds, ...counts } = sizes[size];
  const path = parseLicensePath(server.address, { origin: 'bench', platform: process.platform });
  const silent = clientContext();
  const log = openClientLog({
    vendor: 'acmed',
    env: { ACMED_LMD_DEBUG: file },
    clock: silent.clock,
    pid: silent.identity.pid,
    complain: (text) => assert(false, text),
  });
  const logging = { ...silent, log };
  const { ratio, a, b } = await alternate(
    rounds,
    () => work(logging, path, counts[times]),
    () => work(silent, path, counts[times]),
  );
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  const spread = `ratio ${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`;
  const detail = `${a.median.toFixed(0)} us with, ${b.median.toFixed(0)} us without, ${spread}`;
  return { name, ratio: ratio.median, detail, hash: `lines=${lines}` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const row of await run('full')) console.log(renderRow(row));
}
