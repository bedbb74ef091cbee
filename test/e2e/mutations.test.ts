import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, ended, environment, Folder } from './processes.ts';

/** A rule that is broken in a copy of the built program: which, and where its text is another. */
interface Mutation {
  readonly suite: string;
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const mutations: readonly Mutation[] = [
  {
    suite: 'intel',
    what: 'a license is good for every version',
    file: 'domain/ledger/denials.js',
    from: 'isNewer(request.version, pool.version)',
    to: 'false',
  },
  {
    suite: 'ha',
    what: 'a master needs nobody’s vote',
    file: 'domain/triad/member.js',
    from: 'return Math.max(...this.#peers.map((peer) => peer.voteEnds));',
    to: 'return always;',
  },
  {
    suite: 'ha',
    what: 'the primary takes over again without PRIMARY_IS_MASTER',
    file: 'domain/triad/rules.js',
    from: 'return primaryIsMaster && ',
    to: 'return ',
  },
  {
    suite: 'denials',
    what: 'there is always one license more',
    file: 'domain/ledger/denials.js',
    from: 'added > 0 && pool.used + added > capacity,',
    to: 'added > 0 && pool.used + added > capacity + 1,',
  },
  {
    suite: 'net',
    what: 'the end of a connection frees nothing',
    file: 'daemon/vendor-daemon.js',
    from: "this.apply({ kind: 'disconnect', session: peer.id });",
    to: '',
  },
  {
    suite: 'time',
    what: 'nothing expires',
    file: 'domain/ledger/denials.js',
    from: "when: ({ phase }) => phase === 'expired'",
    to: 'when: () => false',
  },
  {
    suite: 'ops',
    what: 'a daemon that died is not restarted',
    file: 'daemon/vendor-lifecycle.js',
    from: 'this.#died(signal);',
    to: 'this.#died(signal); return;',
  },
  {
    suite: 'start',
    what: 'two SERVER lines are served',
    file: 'domain/lint/server-rules.js',
    from: 'if (servers.length !== 2)',
    to: 'if (servers.length !== 99)',
  },
  {
    suite: 'policy',
    what: 'LINGER is nothing',
    file: 'domain/ledger/rereads.js',
    from: 'pool.lingerMs = lingerMs;',
    to: 'pool.lingerMs = 0;',
  },
  {
    suite: 'vantage',
    what: 'lmstat writes the plural of one',
    file: 'text/wording.js',
    from: "count === 1 ? '1 license'",
    to: "count === 1 ? '1 licenses'",
  },
  {
    suite: 'vendors',
    what: 'Autodesk knows no least TIMEOUT',
    file: 'domain/vendors/adskflex.js',
    from: 'timeoutFloorSeconds: 900',
    to: 'timeoutFloorSeconds: 0',
  },
  {
    suite: 'load',
    what: 'whoever is denied asks no second time',
    file: 'domain/workload/retries.js',
    from: 'attempts >= policy.attemptsMax',
    to: 'true',
  },
];

const suites = readdirSync('scenarios', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(`scenarios/${entry.name}`).some(isScenario))
  .map(({ name }) => name);

function isScenario(file: string): boolean {
  return file.endsWith('.yaml') && !file.endsWith('.profile.yaml') && !file.endsWith('.part.yaml');
}

/** A copy of what `npm run build` made, which may be broken. */
const copy = new Folder();

beforeAll(() => {
  cpSync('dist', copy.at('dist'), { recursive: true });
  cpSync('package.json', copy.at('package.json'));
  symlinkSync(resolve('node_modules'), copy.at('node_modules'));
  // The program itself is a bundle: this one is made of the modules that are broken.
  copy.file(
    'dist/cli/unbundled.js',
    `import { main } from './fauxlm-command-line.js';\nawait main(process.argv.slice(2));\n`,
  );
});
afterAll(() => copy[Symbol.dispose]());

function runSuite(suite: string): Promise<Ended> {
  const words = ['run', `scenarios/${suite}`, '--reporter', 'tap', '--seed', 'mutation', '--bail'];
  const program = copy.at('dist/cli/unbundled.js');
  return ended(spawn(process.execPath, [program, ...words], { env: environment() }));
}

test('the copy, as it is, passes: what fails below fails by its mutation', async () => {
  const { status, out } = await runSuite('vendors');
  expect({ status, failed: out.match(/^not ok.*/gm) }).toEqual({ status: 0, failed: null });
}, 60_000);

test('every suite has a mutation', () => {
  const broken = new Set(mutations.map(({ suite }) => suite));
  expect([...broken].sort()).toEqual([...suites].sort());
});

test.each(mutations)(
  'the suite $suite goes red when $what',
  async ({ suite, file, from, to }) => {
    const path = copy.at(`dist/${file}`);
    const text = readFileSync(path, 'utf8');
    expect(text.split(from), `${file} has it once`).toHaveLength(2);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    try {
      const { status, out, err } = await runSuite(suite);
      expect(status, `${out}${err}`).toBe(1);
      expect(out).toMatch(/^not ok /m);
    } finally {
      writeFileSync(path, text);
    }
  },
  60_000,
);
