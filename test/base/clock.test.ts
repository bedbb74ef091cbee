import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cancel,
  type Clock,
  isMovable,
  ManualClock,
  type MovableClock,
  systemClock,
} from '../../src/base/clock.ts';
import { ScaledClock } from '../../src/base/scaled-clock.ts';

const start = Date.UTC(2030, 0, 7, 9);

/** Both clocks that can be moved, each standing at `start`. */
const movable: readonly (readonly [string, () => MovableClock])[] = [
  ['a manual clock', () => new ManualClock(start)],
  ['a scaled clock', () => new ScaledClock({ factor: 60, start }, new ManualClock(0))],
];

describe.each(movable)('%s', (_name, make) => {
  test('stands until it is moved, and then shows the time of each task as it runs', () => {
    const clock = make();
    const ran: string[] = [];
    const arrange = (at: number, name: string): Cancel =>
      clock.schedule(start + at, () => ran.push(`${name} ${clock.now() - start}`));
    arrange(20, 'c');
    arrange(10, 'a');
    arrange(10, 'b');
    arrange(30, 'd');
    expect(clock.next).toBe(start + 10);
    clock.advance(20);
    expect(ran).toEqual(['a 10', 'b 10', 'c 20']);
    expect(clock.now()).toBe(start + 20);
    expect(clock.next).toBe(start + 30);
  });

  test('agrees with a sorted list, whatever is arranged, taken back and moved', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('schedule' as const), in: fc.integer({ min: 1, max: 50 }) }),
      fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(50) }),
      fc.record({ kind: fc.constant('move' as const), by: fc.integer({ min: -20, max: 40 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = make();
        let now = start;
        const ran: number[] = [];
        const expected: number[] = [];
        let list: { readonly at: number; readonly id: number; readonly cancel: Cancel }[] = [];
        for (const [id, step] of steps.entries()) {
          if (step.kind === 'schedule') {
            const at = now + step.in;
            list.push({ at, id, cancel: clock.schedule(at, () => ran.push(id)) });
          } else if (step.kind === 'cancel') {
            const gone = list[step.which % Math.max(list.length, 1)];
            gone?.cancel();
            list = list.filter((each) => each !== gone);
          } else {
            now += step.by;
            clock.set(now);
            const due = list.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
            expected.push(...due.map((each) => each.id));
            list = list.filter(({ at }) => at > now);
          }
        }
        expect(ran).toEqual(expected);
        expect(clock.now()).toBe(now);
      }),
    );
  });

  test('a task that arranges another inside the move has it run in its turn', () => {
    const clock = make();
    const ran: string[] = [];
    const say = (name: string) => () => ran.push(`${name} ${clock.now() - start}`);
    clock.schedule(start + 10, () => {
      say('first')();
      clock.schedule(clock.now() + 5, say('arranged'));
      clock.schedule(clock.now(), say('same time'));
      clock.schedule(clock.now() + 100, say('later'));
    });
    clock.schedule(start + 20, say('last'));
    clock.advance(50);
    expect(ran).toEqual(['first 10', 'same time 10', 'arranged 15', 'last 20']);
    clock.advance(60);
    expect(ran.at(-1)).toBe('later 110');
  });

  test('a task that throws keeps no other from running, and is heard of at the end', () => {
    const clock = make();
    const ran: number[] = [];
    const broken = new Error('broken');
    clock.schedule(start + 1, () => {
      throw broken;
    });
    clock.schedule(start + 1, () => ran.push(1));
    clock.schedule(start + 2, () => ran.push(2));
    expect(() => clock.advance(10)).toThrow(broken);
    expect(ran).toEqual([1, 2]);
    expect(clock.now()).toBe(start + 10);
    for (const at of [11, 12]) {
      clock.schedule(start + at, () => {
        throw broken;
      });
    }
    expect(() => clock.advance(10)).toThrow(AggregateError);
    clock.advance(10);
  });

  test('set back, it runs nothing, and what was ahead stays where it was', () => {
    const clock = make();
    const ran: number[] = [];
    clock.schedule(start + 10, () => ran.push(clock.now() - start));
    clock.set(start - 3_600_000);
    expect(clock.now()).toBe(start - 3_600_000);
    clock.set(start + 9);
    expect(ran).toEqual([]);
    clock.set(start + 10);
    expect(ran).toEqual([10]);
  });

  test('moment by moment, whoever moves it may wait between them', async () => {
    const clock = make();
    const ran: string[] = [];
    for (const at of [1, 1, 5]) clock.schedule(start + at, () => ran.push(`task ${at}`));
    for (const tasks of clock.moments(start + 9)) {
      await Promise.resolve();
      ran.push(`${tasks} at ${clock.now() - start}`);
      if (clock.now() === start + 1)
        clock.schedule(start + 3, () => ran.push('task 3, from between'));
    }
    expect(ran).toEqual([
      'task 1',
      'task 1',
      '2 at 1',
      'task 3, from between',
      '1 at 3',
      'task 5',
      '1 at 5',
    ]);
    expect(clock.now()).toBe(start + 9);
  });

  test('is moved by one hand at a time, and to a time', () => {
    const clock = make();
    const moments = clock.moments(start + 10);
    clock.schedule(start + 5, () => {});
    moments.next();
    expect(() => clock.advance(1)).toThrow('one hand at a time');
    while (!moments.next().done);
    expect(clock.now()).toBe(start + 10);
    expect(() => clock.advance(Number.NaN)).toThrow('not to NaN');
  });

  test('30 days with 100,000 appointments run each once, in order', () => {
    const clock = make();
    const days30 = 30 * 24 * 3_600_000;
    let last = start;
    let ran = 0;
    // 7,919 is a prime that does not divide the count: every time comes once, in a scrambled order.
    for (let i = 0; i < 100_000; i++) {
      const at = start + Math.floor((((i * 7_919) % 100_000) / 100_000) * days30);
      clock.schedule(at, () => {
        ran += clock.now() >= last ? 1 : 0;
        last = clock.now();
      });
    }
    clock.advance(days30);
    expect(ran).toBe(100_000);
  });
});

test('on a manual clock, what is due already runs as soon as whoever arranged it is done', async () => {
  const clock = new ManualClock(start);
  const ran: string[] = [];
  clock.schedule(start, () => ran.push('due now'));
  clock.schedule(start - 5, () => ran.push('overdue'));
  clock.schedule(start, () => ran.push('taken back'))();
  expect(ran).toEqual([]);
  await Promise.resolve();
  expect(ran).toEqual(['overdue', 'due now']);
});

describe('a scaled clock', () => {
  test('runs as many times as fast as the clock behind it, from its start', () => {
    const real = new ManualClock(start);
    const clock = new ScaledClock({ factor: 60 }, real);
    const slow = new ScaledClock({ factor: 0.5, start: 0 }, real);
    expect([clock.now(), slow.now()]).toEqual([start, 0]);
    real.advance(1_000);
    expect([clock.now(), slow.now()]).toEqual([start + 60_000, 500]);
  });

  test('wakes for its appointments when the clock behind it has come so far', () => {
    const real = new ManualClock(start);
    const clock = new ScaledClock({ factor: 60 }, real);
    const ran: string[] = [];
    const say = (name: string) => () =>
      ran.push(`${name} at ${clock.now() - start}, real ${real.now() - start}`);
    clock.schedule(start + 120_000, say('second'));
    clock.schedule(start + 60_000, say('first'));
    clock.schedule(start + 90_000, say('taken back'))();
    clock.schedule(start + 1_000, say('soon'));
    real.advance(999);
    expect(ran).toEqual(['soon at 1020, real 17']);
    real.advance(1_001);
    expect(ran.slice(1)).toEqual(['first at 60000, real 1000', 'second at 120000, real 2000']);
  });

  test('moved, it goes on from there at its pace', () => {
    const real = new ManualClock(start);
    const clock = new ScaledClock({ factor: 2 }, real);
    const ran: number[] = [];
    for (const at of [500, 1_000, 4_000]) {
      clock.schedule(start + at, () => ran.push(clock.now() - start));
    }
    clock.advance(1_000);
    expect(ran).toEqual([500, 1_000]);
    real.advance(1_500);
    expect(ran).toEqual([500, 1_000, 4_000]);
    expect(clock.now()).toBe(start + 4_000);
  });

  test('two of the same pace agree, whenever they were made', () => {
    const real = new ManualClock(start);
    const one = new ScaledClock({ factor: 3.7, start: 5 }, real);
    real.advance(12_345);
    const other = new ScaledClock(one.pace, real);
    expect(other.now()).toBe(one.now());
    one.advance(86_400_000);
    expect(new ScaledClock(one.pace, real).now()).toBe(one.now());
  });

  test('a task that throws when its time comes is thrown to the clock behind, after the others', () => {
    const real = new ManualClock(start);
    const clock = new ScaledClock({ factor: 1 }, real);
    const ran: number[] = [];
    clock.schedule(start + 1, () => {
      throw new Error('broken');
    });
    clock.schedule(start + 1, () => ran.push(1));
    clock.schedule(start + 2, () => ran.push(2));
    expect(() => real.advance(10)).toThrow('broken');
    expect(ran).toEqual([1, 2]);
  });
});

test('the machine clock cannot be moved, and wakes no earlier than asked', async () => {
  const clock: Clock = systemClock;
  expect(isMovable(clock)).toBe(false);
  expect(isMovable(new ManualClock())).toBe(true);
  const at = clock.now() + 5;
  const awake = setInterval(() => {}, 1_000);
  const woke = await new Promise<number>((done) => clock.schedule(at, () => done(clock.now())));
  clearInterval(awake);
  expect(woke).toBeGreaterThanOrEqual(at);
});
