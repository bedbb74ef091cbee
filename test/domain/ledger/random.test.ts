import fc from 'fast-check';
import { expect, test } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Command } from '../../../src/domain/ledger/commands.ts';
import type { LedgerEvent } from '../../../src/domain/ledger/events.ts';
import {
  createLedger,
  decide,
  decideReread,
  type Ledger,
  record,
  replaceDefinitions,
} from '../../../src/domain/ledger/ledger.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import { makeCheckout, makeClient, monday } from '../../make.ts';
import { definitionOf, idOf, SimpleLedger, type SimplePool } from './simple-ledger.ts';
import { renderEvent } from './transcript.ts';

/** Sequences of up to 40 commands; raise FAUXLM_FUZZ for a night's run. */
const sequences = Number(process.env['FAUXLM_FUZZ'] ?? 2_000);

const HOUR_MS = 60 * 60 * 1000;
const today = Math.floor(monday / (24 * HOUR_MS));

type Step =
  | { readonly kind: 'command'; readonly command: Command }
  /** `which` picks one of the checkouts that are out; too large a number misses. */
  | { readonly kind: 'checkin' | 'remove'; readonly which: number; readonly mine: boolean }
  | { readonly kind: 'move'; readonly hours: number }
  | { readonly kind: 'reread'; readonly pools: readonly SimplePool[] };

const day = fc.option(fc.integer({ min: today - 2, max: today + 4 }), { nil: undefined });

const simplePool: fc.Arbitrary<SimplePool> = fc.record({
  feature: fc.constantFrom('solve', 'Mesh'),
  version: fc.constantFrom('1.0', '1.9', '1.10', '2', '2021.0430'),
  counted: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  dup: fc.constantFrom('NONE', 'NONE', 'SITE', '', 'U', 'UH', 'UHD', 'V', 'UHDV', 'DV'),
  hostid: fc.constantFrom(undefined, undefined, undefined, 'AA0000000001'),
  platform: fc.constantFrom(undefined, undefined, undefined, 'x64_lsb'),
  lines: fc.array(
    fc.record({ firstDay: day, lastDay: day, count: fc.integer({ min: 1, max: 4 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
});

const simplePools = fc.uniqueArray(simplePool, { selector: idOf, minLength: 1, maxLength: 5 });

const client = fc
  .record({
    user: fc.constantFrom('ann', 'ben'),
    host: fc.constantFrom('ws1', 'ws2'),
    display: fc.constantFrom(':0', ':1'),
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
  })
  .map(makeCheckout);

const removeClient = fc.tuple(feature, client).map(([name, { user, host, display }]): Command => {
  return { kind: 'removeClient', feature: name, user, host, display };
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: checkout.map((command): Step => ({ kind: 'command', command })) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('checkin' as const, 'checkin' as const, 'remove' as const),
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
  { weight: 1, arbitrary: removeClient.map((command): Step => ({ kind: 'command', command })) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'command', command: { kind: 'timePassed' } }) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: -6, max: 40 }).map((hours): Step => ({ kind: 'move', hours })),
  },
  { weight: 1, arbitrary: simplePools.map((pools): Step => ({ kind: 'reread', pools })) },
);

const sequence = fc.record({ pools: simplePools, steps: fc.array(step, { maxLength: 40 }) });

/** The ledger, its twin that gets the same commands, and the simple one. */
class Trio {
  now = monday;
  readonly ledger: Ledger;
  readonly twin: Ledger;
  readonly simple: SimpleLedger;

  constructor(pools: readonly SimplePool[]) {
    const options = { vendor: 'acmed', timeZone: 'UTC' };
    this.ledger = createLedger(pools.map(definitionOf), options, monday);
    this.twin = createLedger(pools.map(definitionOf), options, monday);
    this.simple = new SimpleLedger(pools);
  }

  run(step: Step): void {
    if (step.kind === 'move') this.now += step.hours * HOUR_MS;
    else if (step.kind === 'reread') this.reread(step.pools);
    else if (step.kind === 'command') this.perform(step.command);
    else this.perform(this.pick(step));
    expect(audit(this.ledger)).toEqual([]);
    for (const pool of this.simple.pools) {
      expect(this.ledger.pools.get(idOf(pool))?.used).toBe(this.simple.used(pool));
    }
  }

  pick({ kind, which, mine }: Extract<Step, { which: number }>): Command {
    const { handle, session, feature } = this.simple.held[which] ?? {
      handle: 7,
      session: 1,
      feature: 'solve',
    };
    if (kind === 'checkin') return { kind, handle, session: mine ? session : session + 1 };
    return { kind, handle, feature: mine ? feature.toUpperCase() : 'ghost' };
  }

  perform(command: Command): void {
    const before = JSON.stringify(snapshot(this.ledger));
    const events = decide(this.ledger, command, this.now);
    expect(JSON.stringify(snapshot(this.ledger)), 'decide changes nothing').toBe(before);
    const again = decide(this.twin, command, this.now);
    expect(again.map(renderEvent)).toEqual(events.map(renderEvent));
    for (const event of events) record(this.ledger, event);
    for (const event of again) record(this.twin, event);
    this.compare(command, events);
  }

  reread(pools: readonly SimplePool[]): void {
    const definitions = pools.map(definitionOf);
    for (const ledger of [this.ledger, this.twin]) {
      const events = decideReread(ledger, definitions, this.now);
      for (const event of events) record(ledger, event);
      replaceDefinitions(ledger, definitions, this.now);
      if (ledger === this.ledger) expect(handles(events)).toEqual(this.simple.reread(pools));
    }
  }

  compare(command: Command, events: readonly LedgerEvent[]): void {
    const answer = events.at(-1);
    switch (command.kind) {
      case 'checkout': {
        const expected = this.simple.checkout(command, this.now);
        expect(answer && answerOf(answer)).toEqual(expected);
        if (answer?.kind === 'seatTaken' && answer.added > 0 && answer.pool.definition.counted) {
          expect(answer.pool.used, 'never more than licensed').toBeLessThanOrEqual(
            answer.pool.capacity,
          );
        }
        return;
      }
      case 'checkin': {
        const { handle, session } = command;
        this.expectBack(events, (held) => held.handle === handle && held.session === session);
        return;
      }
      case 'disconnect':
        expect(handles(events)).toEqual(
          this.simple.giveBack(({ session }) => session === command.session),
        );
        return;
      case 'remove': {
        const name = command.feature.toLowerCase();
        this.expectBack(
          events,
          (held) => held.handle === command.handle && held.feature.toLowerCase() === name,
        );
        return;
      }
      case 'removeClient': {
        const name = command.feature.toLowerCase();
        const { user, host, display } = command;
        this.expectBack(events, (held) => {
          const { client } = held;
          const sameWho =
            client.user === user && client.host === host && client.display === display;
          return sameWho && held.feature.toLowerCase() === name;
        });
        return;
      }
      default:
        expect(handles(events)).toEqual([]);
    }
  }

  expectBack(
    events: readonly LedgerEvent[],
    leaves: (held: SimpleLedger['held'][number]) => boolean,
  ): void {
    const gone = this.simple.giveBack(leaves);
    expect(handles(events)).toEqual(gone);
    expect(events.some(({ kind }) => kind === 'checkinRefused')).toBe(gone.length === 0);
  }
}

function handles(events: readonly LedgerEvent[]): number[] {
  return events.flatMap((event) => (event.kind === 'seatReturned' ? [event.handle] : []));
}

function answerOf(event: LedgerEvent): unknown {
  if (event.kind === 'seatTaken') {
    return { kind: 'granted', pool: event.pool.definition.id, added: event.added };
  }
  return 'refusal' in event ? { kind: 'denied', major: event.refusal.major } : event.kind;
}

test('random commands agree with a second implementation, and every recount agrees', () => {
  fc.assert(
    fc.property(sequence, ({ pools, steps }) => {
      const trio = new Trio(pools);
      for (const each of steps) trio.run(each);
    }),
    { numRuns: sequences },
  );
});

test('when every session is gone nothing is out, whatever happened before', () => {
  fc.assert(
    fc.property(sequence, ({ pools, steps }) => {
      const trio = new Trio(pools);
      for (const each of steps) trio.run(each);
      for (const id of [1, 2, 3, 4]) {
        trio.run({ kind: 'command', command: { kind: 'disconnect', session: id } });
      }
      const { ledger } = trio;
      expect([ledger.checkouts.size, [...ledger.sessions.values()].length]).toEqual([0, 0]);
      for (const pool of ledger.pools.values()) {
        expect([pool.used, pool.checkouts.size, pool.groups.size]).toEqual([0, 0, 0]);
      }
    }),
    { numRuns: Math.ceil(sequences / 10) },
  );
});
