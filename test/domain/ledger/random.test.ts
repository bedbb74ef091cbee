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
import { perform } from '../../../src/domain/ledger/performance.ts';
import { idleSeats } from '../../../src/domain/ledger/reservations.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import { holdsAt } from '../../../src/domain/ledger/standings.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { compileRules, type SeatRules } from '../../../src/domain/options/rules.ts';
import { compileTimes, type SeatTimes } from '../../../src/domain/options/time-rules.ts';
import { monday } from '../../make.ts';
import { type Files, type Step, sequence } from './random-steps.ts';
import { SimpleLedger } from './simple-ledger.ts';
import { definitionOf, idOf } from './simple-pools.ts';
import { optionsText, type SimpleOptions } from './simple-rules.ts';
import { simplePolicy, simpleSilenceSeconds } from './simple-times.ts';
import { toldAnswer } from './told.ts';
import { renderEvent } from './transcript.ts';

/** Sequences of up to 40 commands; raise FAUXLM_FUZZ for a night's run. */
const sequences = Number(process.env['FAUXLM_FUZZ'] ?? 2_000);

const HOUR_MS = 60 * 60 * 1000;

/** The ledger, its twin that gets the same commands, and the simple one. */
class Trio {
  now = monday;
  readonly ledger: Ledger;
  readonly twin: Ledger;
  readonly simple: SimpleLedger;

  constructor({ pools, options: simple }: Files) {
    const options = {
      vendor: 'acmed',
      timeZone: 'UTC',
      sessionTimeoutSeconds: simpleSilenceSeconds,
    };
    const definitions = pools.map(definitionOf);
    const { rules, times } = rulesOf(definitions, simple);
    this.ledger = createLedger(definitions, options, monday, rules, times);
    this.twin = createLedger(definitions, options, monday, rules, times);
    this.simple = new SimpleLedger(pools, simple);
  }

  run(step: Step): void {
    if (step.kind === 'move') this.now += step.hours * HOUR_MS;
    else if (step.kind === 'reread') this.reread(step.files);
    else if (step.kind === 'activity') this.perform(this.activity(step));
    else if (step.kind === 'command') this.perform(step.command);
    else this.perform(this.pick(step));
    expect(audit(this.ledger)).toEqual([]);
    for (const pool of this.simple.pools) {
      const kept = this.ledger.pools.get(idOf(pool))!;
      expect(kept.used).toBe(this.simple.used(pool));
      // What lapsed is not known before somebody asks, or time passes.
      if (holdsAt(kept.standing, this.now)) {
        expect(idleSeats(kept)).toBe(this.simple.reserved(pool, this.now));
      }
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

  activity({ session, activity, ago }: Extract<Step, { ago: number }>): Command {
    return { kind: 'activity', session, activity, since: this.now - ago * HOUR_MS };
  }

  perform(command: Command): void {
    const before = JSON.stringify(snapshot(this.ledger));
    decide(this.ledger, command, this.now);
    expect(JSON.stringify(snapshot(this.ledger)), 'decide changes nothing').toBe(before);
    const told = toldAnswer(this.ledger, command, this.now);
    const events: LedgerEvent[] = [];
    const again: LedgerEvent[] = [];
    perform(this.ledger, command, this.now, (event) => events.push(event));
    perform(this.twin, command, this.now, (event) => again.push(event));
    expect(again.map(renderEvent)).toEqual(events.map(renderEvent));
    if (told !== undefined) expect(told).toEqual(answerOf(events.at(-1)!));
    this.compare(command, events);
  }

  reread({ pools, options }: Files): void {
    const definitions = pools.map(definitionOf);
    const { rules, times } = rulesOf(definitions, options);
    const gone = this.simple.reread(pools, options, this.now);
    for (const ledger of [this.ledger, this.twin]) {
      const events = decideReread(ledger, definitions, this.now);
      for (const event of events) record(ledger, event);
      replaceDefinitions(ledger, definitions, this.now, rules, times);
      expect(handles(events)).toEqual(gone);
    }
  }

  compare(command: Command, events: readonly LedgerEvent[]): void {
    const answer = events.at(-1);
    switch (command.kind) {
      case 'checkout': {
        const { answer: expected, back } = this.simple.checkout(command, this.now);
        expect(answer && answerOf(answer)).toEqual(expected);
        expect(sorted(handles(events))).toEqual(sorted(back));
        if (answer?.kind === 'seatTaken' && answer.added > 0 && answer.pool.definition.counted) {
          expect(answer.pool.used, 'never more than licensed').toBeLessThanOrEqual(
            answer.pool.capacity,
          );
        }
        return;
      }
      case 'checkin': {
        const { handle, session } = command;
        const { back, kept } = this.simple.leave(
          (held) => held.handle === handle && held.session === session,
          this.now,
        );
        expect([handles(events), keptHandles(events)]).toEqual([back, kept]);
        const refused = events.some(({ kind }) => kind === 'checkinRefused');
        expect(refused).toBe(back.length + kept.length === 0);
        return;
      }
      case 'disconnect': {
        const { back, kept } = this.simple.leave(
          ({ session }) => session === command.session,
          this.now,
        );
        expect([handles(events), keptHandles(events)]).toEqual([back, kept]);
        return;
      }
      case 'activity':
        this.simple.activity(command.session, command.activity, command.since);
        return;
      case 'timePassed': {
        const { back, kept } = this.simple.timePassed(this.now);
        expect(sorted(handles(events))).toEqual(sorted(back));
        expect(sorted(keptHandles(events))).toEqual(sorted(kept));
        return;
      }
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
    const gone = this.simple.giveBack((held) => held.lingersUntil === undefined && leaves(held));
    expect(handles(events)).toEqual(gone);
    expect(events.some(({ kind }) => kind === 'checkinRefused')).toBe(gone.length === 0);
  }
}

/** `kit` stands for both features. */
const kit = parseLicenseFile({
  name: 'kit.lic',
  text: 'PACKAGE kit acmed 1.0 COMPONENTS="solve mesh" SIGN=00',
  encoding: 'utf-8',
}).lines.filter((line) => line.kind === 'package');

function rulesOf(
  definitions: readonly PoolDefinition[],
  options: SimpleOptions,
): { readonly rules: SeatRules; readonly times: SeatTimes } {
  const text = optionsText(options);
  const file = parseOptionsFile({ name: 'acmed.opt', text, encoding: 'utf-8' });
  expect(file.findings).toEqual([]);
  const subject = { definitions, packages: kit };
  return {
    rules: compileRules(file, subject),
    times: compileTimes(file, subject, simplePolicy),
  };
}

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

function keptHandles(events: readonly LedgerEvent[]): number[] {
  return events.flatMap((event) => (event.kind === 'seatKept' ? [event.handle] : []));
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
    fc.property(sequence, ({ files, steps }) => {
      const trio = new Trio(files);
      for (const each of steps) trio.run(each);
    }),
    { numRuns: sequences },
  );
});

/** More than any line of the random files asks for, counted from the furthest that the clock was set back. */
const LINGER_HOURS_MAX = 1_000;

test('when every session is gone and all linger is over nothing is out, whatever happened before', () => {
  fc.assert(
    fc.property(sequence, ({ files, steps }) => {
      const trio = new Trio(files);
      for (const each of steps) trio.run(each);
      for (const id of [1, 2, 3, 4]) {
        trio.run({ kind: 'command', command: { kind: 'disconnect', session: id } });
      }
      trio.run({ kind: 'move', hours: LINGER_HOURS_MAX });
      trio.run({ kind: 'command', command: { kind: 'timePassed' } });
      const { ledger } = trio;
      expect([ledger.checkouts.size, [...ledger.sessions.values()].length]).toEqual([0, 0]);
      expect([ledger.lapses.size, ledger.quiet.size]).toEqual([0, 0]);
      for (const pool of ledger.pools.values()) {
        expect([pool.used, pool.checkouts.size, pool.groups.size]).toEqual([0, 0, 0]);
      }
    }),
    { numRuns: Math.ceil(sequences / 10) },
  );
});
