import fc from 'fast-check';
import type { Refusal } from '../../src/base/refusal.ts';
import type { LmstatOptions } from '../../src/text/lmstat.ts';
import { dialectOf } from '../../src/text/lmstat-dialect.ts';
import { releaseDialects, vendorDialects } from '../../src/text/lmstat-dialects.ts';
import type {
  FeatureUsage,
  LmstatReport,
  LmstatSection,
  PoolEntry,
  PoolUsage,
  VendorStatus,
} from '../../src/text/lmstat-report.ts';
import type { LicenseRow } from '../../src/text/lmstat-table.ts';
import { localTime } from './golden.ts';

/**
 * Reports with names as nasty as a client or a license file can make them, within what a text can carry at
 * all (see `carried`): a word has no blanks; users may have some where the display leaves no doubt.
 */

/** What looks like parts of lines, for names that want to be taken for them. */
const traps = fc.constantFrom(
  ...['Users', 'of', '(v1.0)', '(alpha/27000', '101),', '),', 'start', 'queued', 'for', 'floating'],
  ...['"solve"', 'vendor:', 'vendor_string:', 'expiry:', 'license', 'RESERVATION', 'UP', 'lmgrd'],
  ...[
    '...',
    '----------------------------',
    '(c)',
    '(linger:',
    'PID:',
    '(MASTER)',
    '[x]',
    "o'brien",
  ],
  ...[
    'Fenster',
    'größe',
    '漢字',
    '😀',
    '\u202eabc',
    'a\tb',
    'a\u0007b',
    'x\u2028y',
    '$HOME',
    '%s',
    '\\',
  ],
);

function isWord(text: string): boolean {
  // Control characters are printed as ?, all other white space parts words.
  return /^[^\s]+$/u.test(text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?'));
}

const word = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom(...'abcxyzABC019._-@/:(),"\'='),
      minLength: 1,
      maxLength: 8,
    }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    traps,
  )
  .filter(isWord);

/** A word that begins like a name, not like a display. */
const name = word.filter((text) => !/^[/:]/.test(text) && text !== 'ACTIVATED');
/** A name from a license file: no quotes, commas or equal signs there. */
const licensed = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019._-+/:()'), minLength: 1, maxLength: 12 })
  .filter((text) => !text.startsWith('('));
const release = fc.constantFrom('8.4', '11.18.1', '11.19.6.0', '12');
const count = fc.oneof(fc.constantFrom(0, 1, 2), fc.nat(9_999_999));
const some = fc.integer({ min: 1, max: 9_999 });
const words = fc.string({ unit: 'grapheme', maxLength: 12 });
const vendorName = licensed.filter((text) => !/[/:()]/.test(text));

const refusal: fc.Arbitrary<Refusal> = fc.record(
  {
    major: fc.integer({ min: -150, max: -1 }),
    minor: fc.nat(9_999),
    sys: fc.integer({ min: 200, max: 9_999 }),
    // An error's numbers begin at the last bracket before a sign.
    sysText: words.filter((text) => !/\([-+]/.test(text)),
  },
  { requiredKeys: ['major', 'minor'] },
);

/** User, host, display and data that can be told apart again. */
const names = fc.oneof(
  fc.record({ user: name, host: name, display: fc.oneof(word, fc.constant('')) }),
  fc.record({
    ...{ user: name, host: name, display: word },
    checkoutData: fc
      .tuple(fc.constantFrom('feature=', 'site.id=', '_x='), words)
      .map(([key, value]) => `${key}${value}`.trimEnd()),
  }),
  fc
    .record({
      user: fc.constantFrom('Ann van Dam', 'Jane Doe Jr.', 'user  A  B', 'a b c d e f', ' ann b'),
      host: fc.constantFrom('ws1', 'WS2.example.test', 'größe-3'),
      screen: fc.constantFrom('', ':0.0', '0.0', '0', ':12'),
      data: fc.constantFrom(undefined, 'feature=x y', 'rest'),
    })
    .map(({ user, host, screen, data }) => {
      const display = `${host}${screen}`;
      return { user, host, display, ...(data === undefined ? {} : { checkoutData: data }) };
    }),
  fc.record({
    ...{ user: fc.constantFrom('Ann van Dam', 'x y'), host: fc.constant('ws1') },
    display: fc.constantFrom(':0', ':0.0', '/dev/pts/1', '/dev/tty'),
  }),
);

const seat = fc.record({
  version: fc.oneof(
    release,
    word.filter((text) => !/[()]/.test(text)),
  ),
  ...{ handle: fc.nat(99_999_999), count: some },
});

/**
 * False for a user with blanks whose display is the version: some lines have the version in a column of its own
 * before the brackets, and this one would look like them.
 */
function isTold(
  { user, display }: { readonly user: string; readonly display: string },
  { version }: { readonly version: string },
): boolean {
  return !user.includes(' ') || display !== version;
}

/** The latest report, and how far back from it a year can still be told. */
const FIRST_DAY = localTime([2001, 1, 1], [0, 0]);
const LAST_DAY = localTime([2060, 12, 31], [23, 59]);
const FOUR_YEARS_MS = 4 * 365 * 86_400_000;

function entryArbitrary(at: number): fc.Arbitrary<PoolEntry> {
  const holding = fc.record(
    {
      since: fc.integer({ min: at - FOUR_YEARS_MS, max: at }),
      linger: fc.record({ remainingSeconds: fc.nat(), totalSeconds: fc.nat() }),
      ...{ pid: fc.nat(), project: words, borrowed: fc.boolean() },
    },
    { requiredKeys: ['since'] },
  );
  const user = fc
    .tuple(names, seat, holding)
    .filter(([who, what]) => isTold(who, what))
    .map(([who, what, more]): PoolEntry => ({ kind: 'user', ...who, ...what, ...more }));
  const queued = fc
    .tuple(names, seat)
    .filter(([who, what]) => isTold(who, what))
    .map(([who, what]): PoolEntry => ({ kind: 'queued', ...who, ...what }));
  const reservation = fc.record({
    ...{ kind: fc.constant('reservation' as const), count: some },
    type: fc.constantFrom(
      ...(['USER', 'HOST', 'GROUP', 'HOST_GROUP', 'DISPLAY', 'INTERNET', 'PROJECT'] as const),
    ),
    name: fc.oneof(word, fc.constantFrom('two words', 'a (b) c', '10.0.0.*')),
  });
  return fc.oneof({ weight: 3, arbitrary: user }, queued, reservation);
}

const expiry = fc.constantFrom(
  ...['permanent', '31-dec-2049', '1-jan-2030', '01-feb-2031', '1-jan-0', '01-jan-0000'],
);

const lock: fc.Arbitrary<PoolUsage['lock']> = fc.oneof(
  fc.constant({ kind: 'floating' } as const),
  fc.record({
    kind: fc.constantFrom('nodelocked', 'uncountedNodelocked'),
    hostid: fc.constantFrom('ANY', 'ID=12345', 'HOSTNAME=a b', '0200aabbccdd 0200aabbccde', '"x"'),
  }),
);

function poolArbitrary(at: number): fc.Arbitrary<PoolUsage> {
  return fc.record(
    {
      ...{ name: licensed, version: release, vendor: vendorName, lock, expiry },
      vendorString: fc.oneof(words, fc.constantFrom('', ' a  b ', 'vendor_string: x', 'a\\u0020b')),
      entries: fc.array(entryArbitrary(at), { maxLength: 6 }),
    },
    { requiredKeys: ['name', 'version', 'vendor', 'lock', 'entries'] },
  );
}

function featureArbitrary(at: number): fc.Arbitrary<FeatureUsage> {
  const pools = fc.array(poolArbitrary(at), { maxLength: 3 });
  const named = { name: licensed };
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('counted'),
        ...named,
        issued: count,
        used: count,
        pools,
      }),
    },
    fc.record({ kind: fc.constant('uncounted'), ...named, pools }),
    fc.record({ kind: fc.constant('unsupported'), ...named, issued: count }),
    fc.record({ kind: fc.constant('error'), ...named, refusal }),
  ) as fc.Arbitrary<FeatureUsage>;
}

const place = fc.record({ host: name, port: fc.integer({ min: 1, max: 65_535 }) });
const spec = fc
  .array(fc.record({ host: licensed, port: fc.integer({ min: 1, max: 65_535 }) }), {
    ...{ minLength: 1, maxLength: 3 },
  })
  .map((members) => members.map(({ host, port }) => `${port}@${host}`).join(','));
/** A path ends at a colon, and one letter before a slash is a drive. */
const path = fc.oneof(
  fc.constantFrom('C:\\Program Files (x86)\\a.lic', 'D:/b.lic', 'licensing\\c.dat'),
  words.filter((text) => text !== '' && !text.includes(':')).map((text) => `/opt/${text}`),
);
const address = fc.record(
  { spec, licenseFiles: fc.record({ host: licensed, paths: fc.array(path, { maxLength: 3 }) }) },
  { requiredKeys: ['spec'] },
);

const host = fc.oneof(
  fc.record({
    ...{ name: licensed, state: fc.constant('up' as const) },
    ...{ master: fc.boolean(), version: release },
  }),
  fc.record({ name: licensed, state: fc.constant('down' as const) }),
  fc.record({ name: licensed, state: fc.constant('unreachable' as const), refusal }),
);

function vendorArbitrary(at: number): fc.Arbitrary<VendorStatus> {
  return fc.record(
    {
      name: vendorName,
      state: fc.oneof(
        fc.record({ kind: fc.constant('up' as const), version: release }),
        fc.record({ kind: fc.constant('down' as const), refusal }),
      ),
      server: place,
      features: fc.array(featureArbitrary(at), { maxLength: 3 }),
      dialect: fc.constantFrom('comsol', 'cameo', '9.2', 'unheard-of'),
    },
    { requiredKeys: ['name', 'state', 'server', 'features'] },
  );
}

function sectionArbitrary(at: number): fc.Arbitrary<LmstatSection> {
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        ...{ kind: fc.constant('server' as const), address, masterHost: licensed },
        hosts: fc.array(host, { maxLength: 3 }),
        vendors: fc.array(vendorArbitrary(at), { maxLength: 2 }),
      }),
    },
    fc.record(
      {
        ...{ kind: fc.constant('failure' as const), refusal, address },
        step: fc.constantFrom('gettingStatus', 'reachingLmgrd'),
      },
      { requiredKeys: ['kind', 'refusal', 'step'] },
    ) as fc.Arbitrary<LmstatSection>,
  );
}

/** Any report. */
export const reports: fc.Arbitrary<LmstatReport> = fc
  .integer({ min: FIRST_DAY, max: LAST_DAY })
  .chain((at) =>
    fc.record({
      ...{ at: fc.constant(at), program: fc.constantFrom('lmutil' as const, 'lmstat' as const) },
      sections: fc.array(sectionArbitrary(at), { minLength: 1, maxLength: 2 }),
    }),
  );

/** The rows of a table of -i. */
export const licenseRows: fc.Arbitrary<LicenseRow[]> = fc.array(
  fc.record({ name: licensed, version: release, count, expiry, vendor: vendorName }),
  { maxLength: 8 },
);

/** The names of all dialects, plain and with each trait. */
export const dialectNames: readonly string[] = [...releaseDialects, ...vendorDialects].flatMap(
  ({ name: plain }) => [plain, `${plain}+windows`, `${plain}+windows+doubled-hosts`],
);

/** What may be asked for with -a. */
export function optionsFor(dialect: string | undefined): fc.Arbitrary<LmstatOptions> {
  return fc
    .record({ seconds: fc.boolean(), showProject: fc.boolean() })
    .map((flags): LmstatOptions => {
      return { usage: 'all', ...flags, ...(dialect ? { dialect: dialectOf(dialect)! } : {}) };
    });
}
