import { expect, test } from 'vitest';
import { ManualClock, systemClock } from '../../src/base/clock.ts';
import { ClockMover } from '../../src/daemon/clock-mover.ts';
import { LogFiles } from '../../src/daemon/log-files.ts';
import { Traffic } from '../../src/daemon/traffic.ts';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('a server has settled when no byte has come or gone for some turns of the event loop', async () => {
  const traffic = new Traffic();
  const order: string[] = [];
  expect(traffic.stirred).toBe(false);
  const talk = async (): Promise<void> => {
    for (let word = 0; word < 20; word++) {
      await turn();
      await turn();
      traffic.stir();
    }
    order.push('talked');
  };
  const talking = talk();
  expect(traffic.stirred).toBe(false);
  await traffic.settled();
  order.push('settled');
  await talking;
  expect(order).toEqual(['talked', 'settled']);
  expect(traffic.stirred).toBe(false);
});

test('work in hand is waited for, also when it fails', async () => {
  const traffic = new Traffic();
  let end!: (error: Error) => void;
  const work = traffic.during(
    new Promise((_, reject) => {
      end = reject;
    }),
  );
  expect(traffic.stirred).toBe(true);
  let settled = false;
  const settling = traffic.settled().then(() => {
    settled = true;
  });
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(settled).toBe(false);
  end(new Error('failed'));
  await expect(work).rejects.toThrow('failed');
  await settling;
  expect(traffic.stirred).toBe(false);
});

test('a server that is never quiet settles all the same', async () => {
  const traffic = new Traffic();
  let talking = true;
  const talk = (): void => {
    traffic.stir();
    if (talking) setImmediate(talk);
  };
  talk();
  await traffic.settled();
  talking = false;
  expect(traffic.stirred).toBe(false);
});

test("the machine's clock is its own; on one that is moved, own tasks are told from others", () => {
  const traffic = new Traffic();
  expect(traffic.ownClock(systemClock)).toBe(systemClock);
  const clock = new ManualClock(0);
  const own = traffic.ownClock(clock);
  const ran: string[] = [];
  own.schedule(1, () => ran.push('own'));
  own.schedule(2, () => ran.push('taken back'))();
  clock.schedule(1, () => ran.push('other'));
  clock.advance(5);
  expect(ran).toEqual(['own', 'other']);
  expect(own.now()).toBe(5);
  expect(traffic.ownTasks).toBe(1);
});

test('a clock waits after a moment at which bytes moved or others had something to do, and after no other', async () => {
  const traffic = new Traffic();
  const clock = new ManualClock(0);
  const own = traffic.ownClock(clock);
  const ran: string[] = [];
  const later = (name: string) => () => {
    const at = clock.now();
    setImmediate(() => ran.push(`${name} of ${at} at ${clock.now()}`));
  };
  own.schedule(10, later('own'));
  clock.schedule(20, later('other'));
  own.schedule(30, later('own'));
  own.schedule(40, () => {
    traffic.stir();
    later('own with bytes')();
  });
  own.schedule(50, () => {});
  await new ClockMover(clock, { traffic, logs: new LogFiles(() => {}) }).moveTo(60);
  // What is left of a moment that nobody waits for comes in the first wait after it.
  expect(ran).toEqual([
    'own of 10 at 20',
    'other of 20 at 20',
    'own of 30 at 40',
    'own with bytes of 40 at 40',
  ]);
});
