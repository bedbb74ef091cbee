import fc from 'fast-check';
import { expect, test } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { CheckoutCommand, Command } from '../../../src/domain/ledger/commands.ts';
import { isBookkeeping, type LedgerEvent } from '../../../src/domain/ledger/events.ts';
import {
  createLedger,
  decide,
  decideReread,
  type Ledger,
  record,
  replaceDefinitions,
} from '../../../src/domain/ledger/ledger.ts';
import { perform, serveQueue } from '../../../src/domain/ledger/performance.ts';
import { idleSeats } from '../../../src/domain/ledger/reservations.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import { holdsAt } from '../../../src/domain/ledger/standings.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { compileRules, type SeatRules } from '../../../src/domain/options/rules.ts';
import { compileTimes, type SeatTimes } from '../../../src/domain/options/time-rules.ts';
import { makeCheckout, monday } from '../../make.ts';
import { type Files, type Step, sequence } from './random-steps.ts';
import { SimpleLedger } from './simple-ledger.ts';
import { definitionOf, idOf } from './simple-pools.ts';
import { optionsText, type SimpleOptions } from './simple-rules.ts';
import { simplePolicy, simpleSilenceSeconds } from './simple-times.ts';
import { toldAnswer } from './told.ts';
import { renderEvent } from './transcript.ts';

/** Sequences of up to 40 commands, some 25 each on average; raise FAUXLM_FUZZ for a night's run. */
const sequences = Number(process.env['FAUXLM_FUZZ'] ?? 200);

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
    this.simple = new SimpleLedger(pools, monday, simple);
  }

  run(step: Step): void {
    if (step.kind === 'move') this.now += step.hours * HOUR_MS;
    else if (step.kind === 'reread') this.reread(step.files);
    else this.perform(this.commandOf(step));
    expect(audit(this.ledger)).toEqual([]);
    this.expectServed();
    for (const pool of this.simple.pools) {
      const kept = this.ledger.pools.get(idOf(pool))!;
      expect(kept.used).toBe(this.simple.used(pool));
      // What lapsed is not known before somebody asks, or time passes.
      if (holdsAt(kept.standing, this.now)) {
        expect(idleSeats(kept)).toBe(this.simple.reserved(pool, this.now));
      }
    }
  }

  /** Nobody waits who could be served. */
  expectServed(): void {
    const { waiting } = this.simple;
    expect([...this.ledger.queue.values()].map(({ handle }) => handle)).toEqual(
      waiting.map(({ handle }) => handle),
    );
    const standings = [...this.ledger.pools.values()].map(({ standing }) => standing);
    if (!standings.every((standing) => holdsAt(standing, this.now))) return;
    // A clock that was set back, or comes to itself, tells nobody either.
    if (this.now < this.simple.latest) return;
    expect(waiting.filter((each) => this.simple.isServable(each, this.now))).toEqual([]);
  }

  commandOf(step: Exclude<Step, { kind: 'move' | 'reread' }>): Command {
    switch (step.kind) {
      case 'command':
        return step.command;
      case 'activity': {
        const { session, activity, ago } = step;
        return { kind: 'activity', session, activity, since: this.now - ago * HOUR_MS };
      }
      case 'borrow':
        return { ...step.command, borrowUntil: this.now + step.hours * HOUR_MS };
      case 'restore':
        return this.restoreOf(step);
      case 'leaveQueue': {
        const { handle, request } = this.simple.waiting[step.which] ?? {
          handle: 7,
          request: { session: 1 },
        };
        return {
          kind: 'leaveQueue',
          handle,
          session: step.mine ? request.session : request.session + 1,
        };
      }
      default:
        return this.pick(step);
    }
  }

  restoreOf({ command, hours }: Extract<Step, { kind: 'restore' }>): Command {
    const { client, feature, version, count, data } = command;
    const pool = this.simple.pools.find((each) => each.feature === feature);
    const borrow = {
      ...{ client, feature, version, count: Math.max(1, count), data, poolVersion: '9.9' },
      pool: pool === undefined ? 'ghost' : idOf(pool),
      until: this.now + hours * HOUR_MS,
      totalMs: 40 * HOUR_MS,
    };
    return { kind: 'restore', borrow };
  }

  pick({ kind, which, mine }: Extract<Step, { kind: 'checkin' | 'remove' | 'giveUp' }>): Command {
    const { handle, session, feature } = this.simple.held[which] ?? {
      handle: 7,
      session: 1,
      feature: 'solve',
    };
    if (kind === 'giveUp') return { kind: 'giveUpBorrow', handle };
    if (kind === 'checkin') return { kind, handle, session: mine ? session : session + 1 };
    return { kind, handle, feature: mine ? feature.toUpperCase() : 'ghost' };
  }

  /** The same by `perform` and step by step, each step looked at by the simple ledger. */
  perform(command: Command): void {
    const before = JSON.stringify(snapshot(this.ledger));
    decide(this.ledger, command, this.now);
    expect(JSON.stringify(snapshot(this.ledger)), 'decide changes nothing').toBe(before);
    // A walk that is told serves nobody that waits: seats that come back on its way may be theirs.
    const isQueueEmpty = this.simple.waiting.length === 0;
    const told = toldAnswer(this.ledger, command, this.now);
    const whole: LedgerEvent[] = [];
    perform(this.twin, command, this.now, (event) => whole.push(event));
    const steps = this.carryOut(command);
    expect(steps.map(renderEvent)).toEqual(whole.map(renderEvent));
    if (isQueueEmpty) this.checkTold(command, told);
  }

  /** The told walk of a checkout comes to what was decided; of one that waits, to why it has to. */
  checkTold(command: Command, told: unknown): void {
    if (command.kind !== 'checkout' || command.borrowUntil !== undefined) return;
    const { answer } = this;
    if (answer?.kind === 'checkoutQueued') expect(told).toMatchObject({ kind: 'denied' });
    else expect(told).toEqual(answer && answerOf(answer, [answer]));
  }

  /** What the latest command itself came to, apart from what it did for those that wait. */
  answer: LedgerEvent | undefined;

  carryOut(command: Command): LedgerEvent[] {
    const told: LedgerEvent[] = [];
    for (let asked = command; ; ) {
      const events = this.step(asked);
      this.compare(asked, events);
      told.push(...events);
      const last = events.at(-1);
      this.answer = last;
      const first = asked.kind === 'checkout' && last?.kind === 'seatReturned' ? last : undefined;
      if (first?.reason === 'reused') {
        asked = { ...(asked as CheckoutCommand), again: true };
        continue;
      }
      told.push(...this.serve());
      if (first === undefined) return told;
    }
  }

  step(command: Command): readonly LedgerEvent[] {
    const events = decide(this.ledger, command, this.now);
    for (const event of events) record(this.ledger, event);
    return events;
  }

  serve(): LedgerEvent[] {
    const told: LedgerEvent[] = [];
    while (this.ledger.queue.isRestless) {
      for (const event of this.step({ kind: 'serveQueue' })) {
        this.follow(event);
        if (!isBookkeeping(event)) told.push(event);
      }
    }
    return told;
  }

  /** What the ledger does for those that wait is what the simple one would do. */
  follow(event: LedgerEvent): void {
    const { simple, now } = this;
    switch (event.kind) {
      case 'checkoutDequeued': {
        const waiting = simple.waiting.find(({ handle }) => handle === event.handle)!;
        if (event.reason === 'granted') {
          expect(simple.serve(event.handle, now)).toMatchObject({ kind: 'granted' });
        } else {
          const why = simple.attempt(waiting.request, now);
          expect(why).toEqual({ kind: 'denied', major: event.refusal?.major, busy: [] });
          simple.leaveQueue(({ handle }) => handle === event.handle);
        }
        return;
      }
      case 'seatTaken': {
        const seat = simple.held.at(-1);
        expect([seat?.handle, seat?.pool]).toEqual([event.handle, event.pool.definition.id]);
        return;
      }
      case 'seatReturned':
        simple.giveBack(({ handle }) => handle === event.handle);
        return;
      case 'queueRelined':
        expect(event.lines.map(({ handle, pools }) => [handle, [...pools]])).toEqual(
          simple.reline(now),
        );
        return;
      default:
        expect(['queueServed', 'poolCapacityChanged']).toContain(event.kind);
    }
    simple.latest = Math.max(simple.latest, now);
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
    if (gone.length > 0) this.simple.latest = Math.max(this.simple.latest, this.now);
    const whole: LedgerEvent[] = [];
    serveQueue(this.twin, this.now, (event) => whole.push(event));
    expect(this.serve().map(renderEvent)).toEqual(whole.map(renderEvent));
  }

  compare(command: Command, events: readonly LedgerEvent[]): void {
    this.compareAnswer(command, events);
    if (events.length > 0) this.simple.latest = Math.max(this.simple.latest, this.now);
  }

  compareAnswer(command: Command, events: readonly LedgerEvent[]): void {
    const { simple, now } = this;
    const answer = events.at(-1);
    switch (command.kind) {
      case 'checkout':
        expect(answer && answerOf(answer, events)).toEqual(plain(simple.checkout(command, now)));
        if (answer?.kind === 'seatTaken' && answer.added > 0 && answer.pool.definition.counted) {
          expect(answer.pool.used, 'never more than licensed').toBeLessThanOrEqual(
            answer.pool.capacity,
          );
        }
        return;
      case 'checkin': {
        const { handle, session } = command;
        const { back, kept } = simple.leave(
          (held) => held.handle === handle && held.session === session,
          now,
        );
        expect([handles(events), keptHandles(events)]).toEqual([back, kept]);
        const refused = events.some(({ kind }) => kind === 'checkinRefused');
        expect(refused).toBe(back.length + kept.length === 0);
        return;
      }
      case 'disconnect': {
        const { back, kept } = simple.leave(({ session }) => session === command.session, now);
        const left = simple.leaveQueue(({ request }) => request.session === command.session);
        expect([handles(events), keptHandles(events)]).toEqual([back, kept]);
        expect(dequeuedHandles(events)).toEqual(left);
        return;
      }
      case 'leaveQueue': {
        const left = simple.leaveQueue(
          ({ handle, request }) => handle === command.handle && request.session === command.session,
        );
        expect(dequeuedHandles(events)).toEqual(left);
        return;
      }
      case 'activity':
        simple.activity(command.session, command.activity, command.since);
        return;
      case 'timePassed': {
        const { back, kept, left } = simple.timePassed(now);
        expect(sorted(handles(events))).toEqual(sorted(back));
        expect(sorted(keptHandles(events))).toEqual(sorted(kept));
        expect(sorted(dequeuedHandles(events))).toEqual(sorted(left));
        return;
      }
      case 'returnBorrow': {
        const { borrower, feature } = command;
        const mine = simple.borrowedBy(borrower.user, borrower.host, feature);
        expect(sorted(handles(events))).toEqual(sorted(simple.giveBack(mine)));
        return;
      }
      case 'giveUpBorrow':
        expect(handles(events)).toEqual(
          simple.giveBack(
            ({ handle, borrowedUntil }) => handle === command.handle && borrowedUntil !== undefined,
          ),
        );
        return;
      case 'restore': {
        const { borrow } = command;
        const request = makeCheckout({ ...borrow, session: -1 });
        const restored = simple.restore(borrow.pool, request, borrow.until, now);
        expect(answer?.kind).toBe(restored ? 'seatTaken' : 'borrowLost');
        return;
      }
      case 'withdraw': {
        const { features, users, hosts } = command;
        const isMeant = (name: string, { user, host }: { user: string; host: string }): boolean =>
          (features?.some((each) => each.toLowerCase() === name.toLowerCase()) ?? true) &&
          (users?.includes(user) ?? true) &&
          (hosts?.some((each) => each.toLowerCase() === host.toLowerCase()) ?? true);
        const left = simple.leaveQueue(({ request }) => isMeant(request.feature, request.client));
        const gone = simple.giveBack(({ feature, client }) => isMeant(feature, client));
        expect(dequeuedHandles(events)).toEqual(left);
        expect(sorted(handles(events))).toEqual(sorted(gone));
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
    const gone = this.simple.giveBack(
      (held) => held.lingersUntil === undefined && held.borrowedUntil === undefined && leaves(held),
    );
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

function dequeuedHandles(events: readonly LedgerEvent[]): number[] {
  return events.flatMap((event) => (event.kind === 'checkoutDequeued' ? [event.handle] : []));
}

function answerOf(event: LedgerEvent, events: readonly LedgerEvent[]): unknown {
  switch (event.kind) {
    case 'seatTaken':
      return { kind: 'granted', pool: event.pool.definition.id, added: event.added };
    case 'seatReturned':
      return { kind: 'first', reason: event.reason, handles: sorted(handles(events)) };
    case 'borrowConfirmed':
      return { kind: 'confirmed', handle: event.handle };
    case 'checkoutQueued':
      return { kind: 'queued', handle: event.handle, pools: event.pools };
    default:
      return 'refusal' in event ? { kind: 'denied', major: event.refusal?.major } : event.kind;
  }
}

/** The simple ledger's answer in the same words. */
function plain(attempt: ReturnType<SimpleLedger['checkout']>): unknown {
  if (attempt.kind === 'first') return { ...attempt, handles: sorted(attempt.handles) };
  if (attempt.kind !== 'denied') return attempt;
  const { major, busy, queued } = attempt;
  return queued === undefined
    ? { kind: 'denied', major }
    : { kind: 'queued', handle: queued, pools: busy };
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
      expect([ledger.lapses.size, ledger.quiet.size, ledger.queue.size]).toEqual([0, 0, 0]);
      expect(ledger.borrows).toBe(0);
      for (const pool of ledger.pools.values()) {
        expect([pool.used, pool.checkouts.size, pool.groups.size]).toEqual([0, 0, 0]);
      }
    }),
    { numRuns: Math.ceil(sequences / 10) },
  );
});
