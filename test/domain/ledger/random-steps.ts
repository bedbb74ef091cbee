import fc from 'fast-check';
import type { CheckoutCommand, Command } from '../../../src/domain/ledger/commands.ts';
import type { Activity } from '../../../src/domain/ledger/quiet-sessions.ts';
import { makeCheckout, makeClient, monday } from '../../make.ts';
import { idOf, type SimplePool } from './simple-pools.ts';
import type { SimpleOptions, SimpleRule } from './simple-rules.ts';

/** What the random test does: pools, options files, and steps, in few words each. */
const today = Math.floor(monday / (24 * 60 * 60 * 1000));

export type Step =
  | { readonly kind: 'command'; readonly command: Command }
  /** `which` picks one of the checkouts that are out; too large a number misses. */
  | {
      readonly kind: 'checkin' | 'remove' | 'giveUp';
      readonly which: number;
      readonly mine: boolean;
    }
  | { readonly kind: 'move'; readonly hours: number }
  /** `ago` in hours. */
  | {
      readonly kind: 'activity';
      readonly session: number;
      readonly activity: Activity;
      readonly ago: number;
    }
  | { readonly kind: 'reread'; readonly files: Files }
  /** The checkout, to be borrowed for so many hours. */
  | { readonly kind: 'borrow'; readonly command: CheckoutCommand; readonly hours: number }
  | { readonly kind: 'restore'; readonly command: CheckoutCommand; readonly hours: number }
  | { readonly kind: 'leaveQueue'; readonly which: number; readonly mine: boolean };

/** A license file and an options file. */
export interface Files {
  readonly pools: readonly SimplePool[];
  readonly options: SimpleOptions;
}

function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, value);
}

const day = fc.option(fc.integer({ min: today - 2, max: today + 4 }), { nil: undefined });

const simplePool: fc.Arbitrary<SimplePool> = fc.record({
  feature: fc.constantFrom('solve', 'Mesh'),
  version: fc.constantFrom('1.0', '1.9', '1.10', '2', '2021.0430'),
  counted: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  dup: fc.constantFrom('NONE', 'NONE', 'SITE', '', 'U', 'UH', 'UHD', 'V', 'UHDV', 'DV'),
  hostid: fc.constantFrom(undefined, undefined, undefined, 'AA0000000001'),
  platform: fc.constantFrom(undefined, undefined, undefined, 'x64_lsb'),
  userBased: rarely(fc.integer({ min: 0, max: 2 })),
  minimum: rarely(fc.constant(2)),
  serial: fc.constantFrom(undefined, undefined, undefined, 'S1'),
  lines: fc.array(
    fc.record({
      firstDay: day,
      lastDay: day,
      count: fc.integer({ min: 1, max: 4 }),
      overdraft: fc.constantFrom(0, 0, 1, 2),
      linger: fc.constantFrom(0, 0, 0, 0, 100, 4000),
      borrow: fc.constantFrom(undefined, undefined, 3, 30),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
});

const simplePools = fc.uniqueArray(simplePool, { selector: idOf, minLength: 1, maxLength: 5 });

const who = fc.constantFrom(
  'USER ann',
  'USER ben',
  'HOST ws1',
  'HOST ws2.lab',
  'HOST 10.7.*.1',
  'DISPLAY :1',
  'INTERNET 10.*.0.1',
  'PROJECT apollo',
  'GROUP crew',
  'GROUP night',
  'HOST_GROUP lab',
);

const rule: fc.Arbitrary<SimpleRule> = fc
  .record({
    keyword: fc.constantFrom<SimpleRule['keyword'][]>(
      'BORROW_LOWWATER',
      'EXCLUDE_BORROW',
      'INCLUDE_BORROW',
      'MAX_BORROW_HOURS',
      'EXCLUDE',
      'EXCLUDEALL',
      'INCLUDE',
      'INCLUDE',
      'INCLUDEALL',
      'LINGER',
      'LINGER',
      'MAX',
      'MAX',
      'MAX',
      'MAX_OVERDRAFT',
      'RESERVE',
      'RESERVE',
      'RESERVE',
      'TIMEOUT',
      'TIMEOUT',
      'TIMEOUTALL',
    ),
    feature: fc.constantFrom('solve', 'SOLVE', 'mesh', 'kit', 'ghost'),
    version: fc.constantFrom(undefined, undefined, '1.0', '1.1', '2.00'),
    who,
    all: fc.constantFrom(undefined, undefined, 'USER ALL_USERS', 'GROUP ALL_GROUPS'),
    count: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ all, ...each }) =>
    each.keyword === 'MAX' && all !== undefined ? { ...each, who: all } : each,
  );

const members = fc.subarray(['ann', 'Ann', 'ben', 'BEN']);

const simpleOptions: fc.Arbitrary<SimpleOptions> = fc.record({
  foldGroups: fc.boolean(),
  lenient: fc.boolean(),
  groups: fc.record({ crew: members, night: members }),
  lab: fc.subarray(['ws1', 'WS2', 'ws2.lab', '10.8.0.*']),
  rules: fc.array(rule, { maxLength: 7 }),
});

const files: fc.Arbitrary<Files> = fc.record({ pools: simplePools, options: simpleOptions });

const client = fc
  .record({
    user: fc.constantFrom('ann', 'ben'),
    host: fc.constantFrom('ws1', 'ws2', 'ws2.lab', 'ws1.lab'),
    display: fc.constantFrom(':0', ':1'),
    project: fc.constantFrom('', 'apollo'),
    address: fc.constantFrom('10.7.0.1', '10.8.0.1', '10.8.0.2'),
    platform: fc.constantFrom('x64_lsb', 'x64_n6'),
    hostids: fc.constantFrom(['AA0000000001'], ['AA0000000002']),
  })
  .map(makeClient);

const session = fc.integer({ min: 1, max: 4 });
const feature = fc.constantFrom('solve', 'SOLVE', 'mesh', 'Mesh', 'ghost');

const checkout = fc
  .record({
    session,
    client,
    feature,
    version: fc.constantFrom('', '0', '0.0', '1.0', '1.1', '1.9', '01.50', '2021.1', 'x1'),
    count: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
      fc.integer({ max: 6, min: -1 }),
    ),
    data: fc.constantFrom('', 'job7'),
    queue: fc.constantFrom(undefined, undefined, 'block' as const, 'return' as const),
    skewMs: rarely(fc.constantFrom(3_600_000, 24 * 3_600_000, -25 * 3_600_000)),
  })
  .map(makeCheckout);

const removeClient = fc.tuple(feature, client).map(([name, { user, host, display }]): Command => {
  return { kind: 'removeClient', feature: name, user, host, display };
});

const withdraw = fc
  .tuple(rarely(feature), rarely(client), fc.boolean())
  .map(([name, who, byHost]): Command => {
    const users = who === undefined || byHost ? undefined : [who.user];
    const hosts = who === undefined || !byHost ? undefined : [who.host.toUpperCase()];
    const features = name === undefined ? undefined : [name];
    return { kind: 'withdraw', features, users, hosts, refusal: { major: -5, minor: 346 } };
  });

const returnBorrow = fc
  .tuple(session, feature, client)
  .map(([id, name, { user, host }]): Command => {
    return { kind: 'returnBorrow', session: id, feature: name, borrower: { user, host } };
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: checkout.map((command): Step => ({ kind: 'command', command })) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'checkin' as const,
        'checkin' as const,
        'remove' as const,
        'giveUp' as const,
      ),
      which: fc.nat(9),
      mine: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
  },
  {
    weight: 2,
    arbitrary: session.map((id): Step => {
      return { kind: 'command', command: { kind: 'disconnect', session: id } };
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'borrow' as const,
        'borrow' as const,
        'borrow' as const,
        'restore' as const,
      ),
      command: checkout,
      hours: fc.constantFrom(1, 2, 3, 20, 30, 31, -1, 0),
    }),
  },
  { weight: 1, arbitrary: returnBorrow.map((command): Step => ({ kind: 'command', command })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('leaveQueue' as const),
      which: fc.nat(3),
      mine: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
  },
  { weight: 1, arbitrary: withdraw.map((command): Step => ({ kind: 'command', command })) },
  { weight: 1, arbitrary: removeClient.map((command): Step => ({ kind: 'command', command })) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'command', command: { kind: 'timePassed' } }) },
  {
    weight: 3,
    arbitrary: fc
      .oneof(fc.integer({ min: -6, max: 40 }), fc.constantFrom(0.01, 0.25, 0.5, 1))
      .map((hours): Step => ({ kind: 'move', hours })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        session,
        activity: fc.constantFrom('active' as const, 'idle' as const, 'silent' as const),
        ago: fc.constantFrom(0, 0.1, 1, 30),
      })
      .map((each): Step => ({ kind: 'activity', ...each })),
  },
  { weight: 1, arbitrary: files.map((each): Step => ({ kind: 'reread', files: each })) },
);

/** A site as most are: few lines, few obstacles, too few seats. What happens there is about who has them when. */
const calmPool: fc.Arbitrary<SimplePool> = fc.record({
  feature: fc.constantFrom('solve', 'solve', 'Mesh'),
  version: fc.constantFrom('1.9', '2'),
  counted: fc.constant(true),
  dup: fc.constantFrom('NONE', 'NONE', 'NONE', 'U', 'UH'),
  hostid: fc.constant(undefined),
  platform: fc.constant(undefined),
  userBased: fc.constant(undefined),
  minimum: fc.constant(undefined),
  serial: fc.constantFrom(undefined, 'S1', 'S1', 'S2'),
  lines: fc.array(
    fc.record({
      firstDay: rarely(fc.constant(today + 1)),
      lastDay: fc.constantFrom(undefined, undefined, undefined, today, today + 1),
      count: fc.integer({ min: 1, max: 3 }),
      overdraft: fc.constant(0),
      linger: fc.constantFrom(0, 100, 40_000),
      borrow: fc.constantFrom(undefined, 30),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

const calmRule = fc
  .tuple(
    rule,
    fc.constantFrom<SimpleRule['keyword'][]>(
      'BORROW_LOWWATER',
      'EXCLUDE_BORROW',
      'LINGER',
      'MAX',
      'MAX_BORROW_HOURS',
      'RESERVE',
      'RESERVE',
      'TIMEOUT',
      'TIMEOUTALL',
    ),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([each, keyword, count]): SimpleRule => {
    const whom = keyword !== 'MAX' && each.who.includes('ALL_') ? 'USER ann' : each.who;
    return { ...each, keyword, count, who: whom, feature: 'solve', version: undefined };
  });

const calmFiles: fc.Arbitrary<Files> = fc.record({
  pools: fc.uniqueArray(calmPool, { selector: idOf, minLength: 1, maxLength: 3 }),
  options: fc.record({
    foldGroups: fc.constant(false),
    lenient: fc.constant(false),
    groups: fc.record({ crew: members, night: members }),
    lab: fc.constant([]),
    rules: fc.array(calmRule, { maxLength: 3 }),
  }),
});

const calmCheckout = fc
  .record({
    session,
    client,
    feature: fc.constantFrom('solve', 'solve', 'solve', 'Mesh'),
    version: fc.constantFrom('', '', '', '1.95'),
    count: fc.constantFrom(1, 1, 1, 2),
    data: fc.constant(''),
    queue: fc.constantFrom(undefined, 'block' as const, 'block' as const, 'return' as const),
    skewMs: fc.constant(undefined),
  })
  .map(makeCheckout);

const calmStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: calmCheckout.map((command): Step => ({ kind: 'command', command })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('borrow' as const),
      command: calmCheckout,
      hours: fc.constantFrom(1, 2, 20),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('checkin' as const),
      which: fc.nat(3),
      mine: fc.constant(true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(0.01, 0.02, 0.5, 1, 5)
      .map((hours): Step => ({ kind: 'move', hours })),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'command', command: { kind: 'timePassed' } }) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        session,
        activity: fc.constantFrom(
          'active' as const,
          'idle' as const,
          'idle' as const,
          'silent' as const,
        ),
        ago: fc.constantFrom(0, 0.1, 1),
      })
      .map((each): Step => ({ kind: 'activity', ...each })),
  },
  { weight: 1, arbitrary: calmFiles.map((each): Step => ({ kind: 'reread', files: each })) },
  { weight: 6, arbitrary: step },
);

/** Of two characters: anything may happen, most of it for nothing; or seats are scarce and waited for. */
export const sequence = fc.oneof(
  fc.record({ files, steps: fc.array(step, { maxLength: 40 }) }),
  fc.record({
    files: calmFiles,
    steps: fc.array(calmStep, { minLength: 20, maxLength: 40, size: 'max' }),
  }),
);
