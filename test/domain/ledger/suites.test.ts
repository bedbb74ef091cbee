import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Command } from '../../../src/domain/ledger/commands.ts';
import {
  createLedger,
  decide,
  decideReread,
  type Ledger,
  record,
  replaceDefinitions,
} from '../../../src/domain/ledger/ledger.ts';
import { perform as performAt } from '../../../src/domain/ledger/performance.ts';
import { idleSeats } from '../../../src/domain/ledger/reservations.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import { poolDefinitions } from '../../../src/domain/license/pools.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { compileRules } from '../../../src/domain/options/rules.ts';
import { compileTimes } from '../../../src/domain/options/time-rules.ts';
import { vendorPolicy } from '../../../src/domain/vendors/index.ts';
import { makeCheckout, makeClient, monday } from '../../make.ts';
import { perform } from './perform.ts';
import { licenseText, type SimpleSuite, SimpleSuiteLedger } from './simple-suites.ts';
import { toldAnswer } from './told.ts';

/** Sequences of up to 40 commands; raise FAUXLM_FUZZ for a night's run. */
const sequences = Number(process.env['FAUXLM_FUZZ'] ?? 2_000);

function definitionsOf(text: string): readonly PoolDefinition[] {
  const file = parseLicenseFile({ name: 'suite.lic', text, encoding: 'utf-8' });
  expect(file.findings).toEqual([]);
  return poolDefinitions([file], 'acmed', vendorPolicy('acmed'));
}

function ledgerOf(text: string): Ledger {
  return createLedger(definitionsOf(text), { vendor: 'acmed', timeZone: 'UTC' }, monday);
}

const suite: fc.Arbitrary<SimpleSuite> = fc.record({
  reserved: fc.boolean(),
  seats: fc.integer({ min: 1, max: 4 }),
  dup: fc.constantFrom('NONE', 'U', 'UH', 'UHD', 'V'),
  suiteDup: fc.constantFrom('NONE', 'U', 'UH', 'UHV'),
  components: fc.constantFrom(['p'], ['p', 'q'], ['p', 'q', 'r']),
  alone: fc.constantFrom(0, 0, 1, 2),
});

const session = fc.integer({ min: 1, max: 4 });

const checkout = fc
  .record({
    session,
    client: fc
      .record({
        user: fc.constantFrom('ann', 'ben', 'cat'),
        host: fc.constantFrom('ws1', 'ws2'),
        display: fc.constantFrom(':0', ':1'),
      })
      .map(makeClient),
    feature: fc.constantFrom('p', 'p', 'q', 'q', 'r', 'suite', 'ghost'),
    count: fc.constantFrom(1, 1, 1, 2, 3),
    data: fc.constantFrom('', 'job7'),
  })
  .map(makeCheckout);

type Step =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'checkin' | 'remove' | 'removeSuite'; readonly which: number }
  | { readonly kind: 'reread' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: checkout.map((command): Step => ({ kind: 'command', command })) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'checkin' as const,
        'checkin' as const,
        'remove' as const,
        'removeSuite' as const,
      ),
      which: fc.nat(5),
    }),
  },
  {
    weight: 1,
    arbitrary: session.map((id): Step => {
      return { kind: 'command', command: { kind: 'disconnect', session: id } };
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'reread' }) },
);

/** The ledger and the simple one, on the same suite. */
class Pair {
  readonly ledger: Ledger;
  readonly simple: SimpleSuiteLedger;
  readonly definitions: readonly PoolDefinition[];

  constructor(of: SimpleSuite) {
    this.definitions = definitionsOf(licenseText(of));
    this.ledger = createLedger(this.definitions, { vendor: 'acmed', timeZone: 'UTC' }, monday);
    this.simple = new SimpleSuiteLedger(of);
  }

  run(each: Step): void {
    if (each.kind === 'reread') this.#reread();
    else if (each.kind === 'command') this.#perform(each.command);
    else this.#giveBack(each);
    expect(audit(this.ledger)).toEqual([]);
    this.compare();
  }

  #reread(): void {
    expect(decideReread(this.ledger, this.definitions, monday)).toEqual([]);
    replaceDefinitions(this.ledger, this.definitions, monday);
    this.simple.reread();
  }

  #perform(command: Command): void {
    const before = JSON.stringify(snapshot(this.ledger));
    const told = toldAnswer(this.ledger, command, monday);
    const events = decide(this.ledger, command, monday);
    expect(JSON.stringify(snapshot(this.ledger)), 'decide changes nothing').toBe(before);
    for (const event of events) record(this.ledger, event);
    if (command.kind === 'checkout') {
      const answer = events.at(-1)!;
      const got =
        answer.kind === 'seatTaken' ? answer.handle : 'refusal' in answer && answer.refusal.major;
      expect(got).toBe(this.simple.checkout(command));
      if (answer.kind === 'seatTaken') expect(told).toMatchObject({ added: answer.added });
      else expect(told).toEqual({ kind: 'denied', major: got });
      return;
    }
    const id = 'session' in command ? command.session : 0;
    this.#expectBack(events, (held) => held.session === id);
  }

  #giveBack({ kind, which }: Extract<Step, { which: number }>): void {
    const held = this.simple.held[which];
    if (held === undefined) return;
    const { handle, session: id, feature, owners } = held;
    const ofSuite = kind === 'removeSuite' && owners.has('suite');
    const command: Command =
      kind === 'checkin'
        ? { kind, session: id, handle }
        : ofSuite
          ? { kind: 'remove', feature: 'suite', handle: handle - 1 }
          : { kind: 'remove', feature, handle };
    const events = decide(this.ledger, command, monday);
    for (const event of events) record(this.ledger, event);
    this.#expectBack(events, (each) => each.handle === handle);
  }

  #expectBack(
    events: ReturnType<typeof decide>,
    leaves: Parameters<SimpleSuiteLedger['giveBack']>[0],
  ): void {
    const components = events.flatMap((event) => {
      const back = event.kind === 'seatReturned' && event.feature !== 'suite';
      return back ? [event.handle] : [];
    });
    expect(components).toEqual(this.simple.giveBack(leaves));
  }

  compare(): void {
    const { components, alone, seats } = this.simple.suite;
    for (const pool of this.ledger.pools.values()) {
      const { feature, package: role } = pool.definition;
      const name = role === undefined ? 'alone' : feature;
      expect(pool.used, name).toBe(this.simple.used(name));
      expect(pool.used).toBeLessThanOrEqual(role === undefined ? alone : seats);
      if (components.includes(name)) expect(idleSeats(pool)).toBe(this.simple.reserved(name));
    }
  }
}

const sequence = fc.record({ of: suite, steps: fc.array(step, { maxLength: 40 }) });

describe('random commands on suites', () => {
  test('agree with a second implementation, never grant more than licensed, and recounts agree', () => {
    fc.assert(
      fc.property(sequence, ({ of, steps }) => {
        const pair = new Pair(of);
        for (const each of steps) pair.run(each);
      }),
      { numRuns: sequences },
    );
  });

  test('leave nothing out when every session is gone, neither of a component nor of a suite', () => {
    fc.assert(
      fc.property(sequence, ({ of, steps }) => {
        const pair = new Pair(of);
        for (const each of steps) pair.run(each);
        for (const id of [1, 2, 3, 4]) {
          pair.run({ kind: 'command', command: { kind: 'disconnect', session: id } });
        }
        const { ledger } = pair;
        expect(ledger.checkouts.size).toBe(0);
        for (const pool of ledger.pools.values()) {
          expect([pool.used, pool.checkouts.size, pool.groups.size, idleSeats(pool)]).toEqual([
            0, 0, 0, 0,
          ]);
        }
      }),
      { numRuns: Math.ceil(sequences / 10) },
    );
  });
});

describe('random commands on suites whose components linger and are idle', () => {
  const options = parseOptionsFile({
    name: 'acmed.opt',
    text: 'LINGER p 90\nLINGER suite:VERSION=1.0 30\nTIMEOUT q 900\nMAX 2 p USER ann\n',
    encoding: 'utf-8',
  });

  type Timed =
    | { readonly kind: 'command'; readonly command: Command }
    | { readonly kind: 'checkin'; readonly which: number }
    | { readonly kind: 'move'; readonly minutes: number };

  const timed: fc.Arbitrary<Timed> = fc.oneof(
    { weight: 8, arbitrary: checkout.map((command): Timed => ({ kind: 'command', command })) },
    { weight: 4, arbitrary: fc.nat(9).map((which): Timed => ({ kind: 'checkin', which })) },
    {
      weight: 2,
      arbitrary: session.map((id): Timed => {
        return { kind: 'command', command: { kind: 'disconnect', session: id } };
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ session, activity: fc.constantFrom('idle' as const, 'silent' as const) })
        .map((each): Timed => {
          return { kind: 'command', command: { kind: 'activity', ...each, since: monday } };
        }),
    },
    {
      weight: 2,
      arbitrary: fc.constant<Timed>({ kind: 'command', command: { kind: 'timePassed' } }),
    },
    {
      weight: 4,
      arbitrary: fc
        .integer({ min: 0, max: 20 })
        .map((minutes): Timed => ({ kind: 'move', minutes })),
    },
  );

  /** Carries out a step; the time after it. */
  function step(ledger: Ledger, each: Timed, now: number): number {
    if (each.kind === 'move') return now + each.minutes * 60_000;
    const held = [...ledger.checkouts.values()];
    const seat = each.kind === 'checkin' ? held[each.which] : undefined;
    if (each.kind === 'checkin' && seat === undefined) return now;
    const command: Command =
      each.kind === 'command'
        ? each.command
        : { kind: 'checkin', session: seat!.session, handle: seat!.handle };
    const told = toldAnswer(ledger, command, now);
    const answer = performAt(ledger, command, now, () => {}).at(-1);
    expect(audit(ledger)).toEqual([]);
    if (told !== undefined && answer?.kind === 'seatTaken') {
      expect(told).toEqual({
        kind: 'granted',
        pool: answer.pool.definition.id,
        added: answer.added,
      });
    } else if (told !== undefined) expect(told).toMatchObject({ kind: 'denied' });
    for (const pool of ledger.pools.values()) expect(pool.used).toBeLessThanOrEqual(pool.capacity);
    return now;
  }

  test('keep component and suite together, and leave nothing out in the end', () => {
    fc.assert(
      fc.property(suite, fc.array(timed, { maxLength: 40 }), (of, steps) => {
        const definitions = definitionsOf(licenseText(of));
        const subject = { definitions };
        const policy = { ...vendorPolicy('acmed'), lingerFloorSeconds: 0 };
        const times = compileTimes(options, subject, policy);
        const ledgerOptions = { vendor: 'acmed', timeZone: 'UTC' };
        const rules = compileRules(options, subject);
        const ledger = createLedger(definitions, ledgerOptions, monday, rules, times);
        let now = monday;
        for (const each of steps) now = step(ledger, each, now);
        for (const id of [1, 2, 3, 4]) {
          step(ledger, { kind: 'command', command: { kind: 'disconnect', session: id } }, now);
        }
        step(ledger, { kind: 'command', command: { kind: 'timePassed' } }, now + 600_000);
        expect([ledger.checkouts.size, ledger.lapses.size]).toEqual([0, 0]);
        for (const pool of ledger.pools.values()) {
          expect([pool.used, pool.groups.size, idleSeats(pool)]).toEqual([0, 0, 0]);
        }
      }),
      { numRuns: Math.ceil(sequences / 2) },
    );
  });
});

describe('a suite', () => {
  const text = [
    'SERVER this_host ANY',
    'VENDOR acmed',
    'PACKAGE suite acmed 2.0 COMPONENTS="p q" OPTIONS=SUITE',
    'INCREMENT suite acmed 2.0 permanent 2 SUITE_DUP_GROUP=U',
  ].join('\n');

  test('shows in a snapshot what belongs together', () => {
    const ledger = ledgerOf(text);
    perform(ledger, makeCheckout({ feature: 'p' }));
    const pools = snapshot(ledger).features.flatMap((feature) => feature.pools);
    expect(pools.map((pool) => [pool.feature, pool.package?.role, pool.used])).toEqual([
      ['suite', 'suite', 1],
      ['p', 'component', 1],
      ['q', 'component', 0],
    ]);
    expect(pools[1]!.package).toEqual({
      name: 'suite',
      role: 'component',
      suite: pools[0]!.id,
    });
    const [ofSuite, ofComponent] = pools.flatMap(({ checkouts }) => checkouts);
    expect(ofSuite).toMatchObject({ handle: 101, companion: 102, version: '2.0' });
    expect(ofComponent).toMatchObject({ handle: 102, companion: 101, version: '0.0' });
  });

  test('whose seats go out without a component is found by the audit', () => {
    const ledger = ledgerOf(text);
    const [suiteSeat] = decide(ledger, makeCheckout({ feature: 'p' }), monday);
    record(ledger, suiteSeat!);
    expect(audit(ledger)).toContain('101 is out without its companion');
  });

  test('that holds back what it should not is found by the audit', () => {
    const ledger = ledgerOf(text.replace('OPTIONS=SUITE', 'OPTIONS=SUITE_RESERVED'));
    perform(ledger, makeCheckout({ feature: 'p' }));
    const p = ledger.features.get('p')!.pools[0]!;
    p.suiteCount!.add('1:x', 1);
    expect(audit(ledger)).toEqual([`${p.definition.id}: what its suite's users have is not so`]);
  });
});
