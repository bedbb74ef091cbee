import type { Cancel } from '../../../base/clock.ts';
import { takes } from '../common-words.ts';
import { row } from '../row.ts';
import { duration } from '../words.ts';

/** Faults of vendor daemons and of the machine that they run on. */
export const daemonFaults = {
  down: row({
    summary:
      'a vendor daemon is down and stays so; with clients or a chance named, it is for them only',
    sees: '-97 (121), lmstat too; who is connected loses the seats',
    example: 'down vendor=acmed for=10m',
    words: {},
    takes: takes.redirects,
    redirect: () => ({ kind: 'down' }),
    arm: ({ isWhole, vendors, holdDown, letUp, count }) => {
      if (!isWhole) return nothing;
      count();
      for (const vendor of vendors) holdDown(vendor);
      return () => {
        for (const vendor of vendors) letUp(vendor);
      };
    },
  }),
  crash: row({
    summary: 'a vendor daemon dies as by kill -9, at once or at a call; the manager restarts it',
    sees: '-16 for who is connected, -97 until it is back',
    example: 'crash vendor=acmed after=5s',
    words: {},
    takes: takes.calls.filter((word) => word !== 'server'),
    connection: 'crash',
    arm: ({ isWhole, vendors, kill, count, end }) => {
      if (!isWhole) return nothing;
      count();
      for (const vendor of vendors) kill(vendor);
      end();
      return nothing;
    },
  }),
  'restart-loop': row({
    summary: 'a vendor daemon dies again and again; after ten times the manager gives it up',
    sees: '-16 and -97 by turns, then -97; clearing it starts the daemon',
    example: 'restart-loop vendor=acmed lives=2s',
    words: { lives: duration('how long it serves each time [1s]') },
    takes: takes.daemons,
    arm: ({ clock, vendors, kill, letUp, count }, { lives = 1_000 }) => {
      let cancel: Cancel;
      const again = (): void => {
        count();
        for (const vendor of vendors) kill(vendor);
        cancel = clock.schedule(clock.now() + Math.max(1, lives), again);
      };
      cancel = clock.schedule(clock.now() + lives, again);
      return () => {
        cancel();
        for (const vendor of vendors) letUp(vendor);
      };
    },
  }),
  'disk-full': row({
    summary: 'the disk of the logs is full: debug logs and report logs take no lines',
    sees: 'nothing: the server goes on, and tells its operator; lines are kept in memory for as long as they fit',
    example: 'disk-full for=10m',
    words: {},
    takes: takes.server,
    logs: true,
  }),
} as const;

function nothing(): void {}
