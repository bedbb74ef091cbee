import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readExplanation } from '../../../src/client/explanation-reading.ts';
import { audit } from '../../../src/domain/ledger/audit.ts';
import { copyAround } from '../../../src/domain/ledger/copies.ts';
import type { LedgerEvent } from '../../../src/domain/ledger/events.ts';
import { explain } from '../../../src/domain/ledger/explanation.ts';
import { createLedger, type Ledger, record } from '../../../src/domain/ledger/ledger.ts';
import { poolsInTheWay } from '../../../src/domain/ledger/oldest-first.ts';
import { perform, serveQueue } from '../../../src/domain/ledger/performance.ts';
import { returnAll } from '../../../src/domain/ledger/returns.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import { trialOf } from '../../../src/domain/ledger/trials.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { poolDefinitions } from '../../../src/domain/license/pools.ts';
import type { OptionsFile } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { compileRules } from '../../../src/domain/options/rules.ts';
import { compileTimes } from '../../../src/domain/options/time-rules.ts';
import { vendorPolicy } from '../../../src/domain/vendors/index.ts';
import { makeCheckout, makeClient, monday } from '../../make.ts';
import { type Files, type Step, sequence } from './random-steps.ts';
import { definitionOf } from './simple-pools.ts';
import { optionsText } from './simple-rules.ts';
import { simplePolicy } from './simple-times.ts';

const HOUR_MS = 60 * 60 * 1000;

function made({ pools, options }: Files): { ledger: Ledger; options: OptionsFile } {
  const text = optionsText(options);
  const file = parseOptionsFile({ name: 'acmed.opt', text, encoding: 'utf-8' });
  const definitions = pools.map(definitionOf);
  const subject = { definitions };
  const ledger = createLedger(
    definitions,
    { vendor: 'acmed', timeZone: 'UTC' },
    monday,
    compileRules(file, subject),
    compileTimes(file, subject, simplePolicy),
  );
  return { ledger, options: file };
}

describe('an explanation', () => {
  test('comes to the answer that the checkout gets, changes nothing, and survives as JSON', () => {
    fc.assert(
      fc.property(sequence, ({ files, steps }) => {
        const { ledger, options } = made(files);
        let now = monday;
        for (const step of steps) {
          if (step.kind === 'move') now += step.hours * HOUR_MS;
          if (step.kind === 'command') check(ledger, step, now, options);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('says who would have to come back for a request that waits, as it then turns out', () => {
    let served = 0;
    fc.assert(
      fc.property(sequence, ({ files, steps }) => {
        const { ledger, options } = made(files);
        let now = monday;
        for (const step of steps) {
          if (step.kind === 'move') now += step.hours * HOUR_MS;
          if (step.kind === 'command') perform(ledger, step.command, now, () => {});
        }
        const { queue } = explain(ledger, makeCheckout(last), now, options);
        const { handle, place, returned } = waitFor(ledger, makeCheckout(last), now);
        expect(queue?.position).toBe(place);
        if (queue === undefined) return;
        const { served: told } = queue;
        const due = told.by === 'returns' ? told.count : undefined;
        expect(due).toBe(handle === undefined ? undefined : returned.length);
        if (told.by !== 'returns') return;
        served++;
        expect(told.returns).toEqual(returned.slice(0, told.returns.length));
      }),
      { numRuns: 1_000 },
    );
    // Else it shows nothing.
    expect(served).toBeGreaterThan(100);
  });

  const last = { session: 9, feature: 'solve', client: makeClient({ user: 'zoe', host: 'ws9' }) };

  /** Has it really wait, and everybody give back, the oldest first, until it is served. */
  function waitFor(ledger: Ledger, command: ReturnType<typeof makeCheckout>, now: number) {
    const first = ledger.nextHandle;
    const returned: object[] = [];
    const answer = perform(ledger, { ...command, queue: 'block' }, now, () => {}).at(-1)!;
    if (answer.kind !== 'checkoutQueued') return { handle: undefined, place: undefined, returned };
    const pools = answer.pools.map((id) => ledger.pools.get(id)!);
    // It is the last of each line that it has joined.
    const place = Math.min(...pools.map(({ waiting }) => waiting!.all.size));
    let handle: number | undefined;
    const hear = (event: LedgerEvent): void => {
      if (event.kind === 'seatTaken' && event.ticket === answer.handle) handle = event.handle;
    };
    while (handle === undefined) {
      const trials = pools.map((pool) => trialOf(pool, command, now, false));
      const inTheWay = new Set(trials.flatMap(poolsInTheWay));
      const out = [...inTheWay].flatMap(({ checkouts }) => [...checkouts.values()]);
      const oldest = out.sort((a, b) => a.handle - b.handle)[0];
      if (oldest === undefined) break;
      const { client, stay } = oldest;
      returned.push({
        ...{ user: client.user, host: client.host },
        ...(oldest.handle < first && { handle: oldest.handle }),
        ...(stay && { until: stay.until }),
      });
      for (const event of returnAll([oldest], 'checkin', now)) record(ledger, event);
      serveQueue(ledger, now, hear);
    }
    return { handle, place, returned };
  }

  test('thinks in a copy that has all that the ledger has', () => {
    fc.assert(
      fc.property(sequence, ({ files, steps }) => {
        const { ledger } = made(files);
        let now = monday;
        for (const step of steps) {
          if (step.kind === 'move') now += step.hours * HOUR_MS;
          if (step.kind !== 'command') continue;
          perform(ledger, step.command, now, () => {});
        }
        perform(ledger, { kind: 'timePassed' }, now, () => {});
        for (const feature of ledger.features.values()) {
          const copy = copyAround(ledger, feature, now, { poolsMax: 100, seatsMax: 1_000 })!;
          expect(audit(copy)).toEqual([]);
          const names = new Set([...copy.features.values()].map(({ name }) => name));
          const original = snapshot(ledger).features.filter(({ name }) => names.has(name));
          expect(snapshot(copy).features).toEqual(original);
        }
      }),
      { numRuns: 300 },
    );
  });

  function check(
    ledger: Ledger,
    { command }: Extract<Step, { kind: 'command' }>,
    now: number,
    options: OptionsFile,
  ): void {
    if (command.kind !== 'checkout') return void perform(ledger, command, now, () => {});
    const before = JSON.stringify(snapshot(ledger));
    const told = explain(ledger, command, now, options);
    expect(JSON.stringify(snapshot(ledger)), 'explain changes nothing').toBe(before);
    const plain: unknown = JSON.parse(JSON.stringify(told));
    expect(readExplanation(JSON.stringify(told))).toEqual(plain);
    const answer = perform(ledger, command, now, () => {}).at(-1)!;
    const granted = answer.kind === 'seatTaken';
    expect(told.answer.granted).toBe(granted);
    if (!told.answer.granted && 'refusal' in answer) {
      expect(told.answer.code).toBe(answer.refusal.major);
    }
    for (const pool of told.tried) {
      const refusing = pool.rules.filter(({ refuses }) => refuses);
      expect(refusing.length, 'one rule refuses, or none').toBe(pool.granted ? 0 : 1);
    }
  }

  /** A ledger of `count` pools of one feature, each locked to another host. */
  function manyPools(count: number): Ledger {
    const lines = Array.from({ length: count }, (_, index) => {
      return `INCREMENT a acmed 1.0 permanent 1 HOSTID=ID=${index}`;
    });
    const text = ['SERVER this_host ANY', 'VENDOR acmed', ...lines].join('\n');
    const file = parseLicenseFile({ name: 'many.lic', text, encoding: 'utf-8' });
    const definitions = poolDefinitions([file], 'acmed', vendorPolicy('acmed'));
    return createLedger(definitions, { vendor: 'acmed', timeZone: 'UTC' }, monday);
  }

  test('of a feature with ten thousand pools ends, and claims no change that was not tried', () => {
    const ledger = manyPools(10_000);
    const { changes, leftOut } = explain(ledger, makeCheckout({ feature: 'a' }), monday, undefined);
    expect(leftOut).toBe(9_900);
    expect(changes.length).toBeGreaterThan(0);
    for (const { text, granted } of changes) {
      expect([text, granted]).toEqual([expect.stringMatching(/^as a client with ID=\d+$/), true]);
    }
  });

  test('clips what a rule says of a line with thousands of host ids', () => {
    const hostids = Array.from({ length: 3_000 }, (_, n) => `ID=${n}`).join(' ');
    const line = `FEATURE a acmed 1.0 permanent 1 HOSTID="${hostids}" SIGN=00`;
    const file = parseLicenseFile({ name: 'a.lic', text: line, encoding: 'utf-8' });
    const definitions = poolDefinitions([file], 'acmed', vendorPolicy('acmed'));
    const ledger = createLedger(definitions, { vendor: 'acmed', timeZone: 'UTC' }, monday);
    const { tried } = explain(ledger, makeCheckout({ feature: 'a' }), monday, undefined);
    const { text } = tried[0]!.rules.at(-1)!;
    expect(text).toMatch(/^locked to ID=0 or ID=1 or .*…$/);
    expect(text.length).toBe(400);
  });

  test('tells a hundred pools at most, the one that decides among them', () => {
    const ledger = manyPools(150);
    const client = makeClient({ hostids: ['ID=149'] });
    const told = explain(ledger, makeCheckout({ feature: 'a', client }), monday, undefined);
    expect([told.tried.length, told.leftOut]).toEqual([100, 50]);
    expect(told.tried.at(-1)).toMatchObject({ granted: true, lines: [{ line: 152 }] });
    const refused = explain(ledger, makeCheckout({ feature: 'a' }), monday, undefined);
    expect([refused.tried.length, refused.leftOut]).toEqual([100, 50]);
    expect(refused.changes.map(({ text }) => text)).toContain('as a client with ID=0');
  });
});
