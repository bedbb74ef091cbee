import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '../src/base/rng.ts';
import { type BenchRow, type BenchSize, hashOf, perSecond } from './harness.ts';
import { openTalkers, type Talker } from './talker.ts';
import { startOurs, type Target } from './targets.ts';

/**
 * Random acquires and releases of 64 clients, 16 requests in flight each, on fewer seats than are wanted. A client
 * counts a seat from its grant to the moment it asks to give it back: more of those than there are seats were
 * granted twice.
 */
const sizes = { small: { acquires: 5_000 }, full: { acquires: 1_000_000 } } as const;

const CLIENTS = 64;
const IN_FLIGHT = 16;
const SEATS = 200;

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const { acquires } = sizes[size];
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder, { seats: SEATS });
  try {
    const talkers = await openTalkers(ours.daemon, CLIENTS);
    const contest = new Contest(acquires);
    const from = performance.now();
    await contest.run(talkers);
    const seconds = (performance.now() - from) / 1000;
    for (const each of talkers) each.close();
    const { counts } = contest;
    if (counts.refused === 0) throw new Error('nobody was short of a seat');
    return [
      {
        name: `oversold in ${acquires} concurrent acquires`,
        ratio: counts.oversold,
        bar: { exactly: 0 },
        detail:
          `${counts.granted} granted, ${counts.refused} refused, at most ${counts.most} of ${SEATS} held, ` +
          `${perSecond(acquires / seconds)}`,
        hash: hashOf(acquires, counts.granted + counts.refused, counts.held),
      },
    ];
  } finally {
    ours.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Contest {
  readonly counts = { granted: 0, refused: 0, oversold: 0, held: 0, most: 0 };
  readonly #rng = new Rng('oversell bench');
  readonly #acquires: number;
  #asked = 0;

  constructor(acquires: number) {
    this.#acquires = acquires;
  }

  async run(talkers: readonly Talker[]): Promise<void> {
    await Promise.all(talkers.map((talker) => this.#play(talker)));
  }

  /** Takes and gives back at random until enough was asked for and everything is back. */
  #play(talker: Talker): Promise<void> {
    const { counts } = this;
    const handles: number[] = [];
    let waiting = 0;
    return new Promise((resolve, reject) => {
      const next = (): void => {
        const mayAsk = this.#asked < this.#acquires;
        if (handles.length > 0 && (!mayAsk || this.#rng.below(3) === 0)) {
          counts.held--;
          const at = this.#rng.below(handles.length);
          talker.checkin(handles[at]!);
          handles[at] = handles.at(-1)!;
          handles.pop();
        } else if (mayAsk) {
          this.#asked++;
          talker.checkout();
        } else {
          if (waiting === 0 && handles.length === 0) resolve();
          return;
        }
        waiting++;
        arrange();
      };
      let arranged = false;
      const arrange = (): void => {
        if (arranged) return;
        arranged = true;
        setImmediate(() => {
          arranged = false;
          talker.send();
        });
      };
      const answered = (): void => {
        waiting--;
        next();
      };
      talker.answers = {
        granted: (handle) => {
          counts.granted++;
          counts.held++;
          counts.most = Math.max(counts.most, counts.held);
          if (counts.held > SEATS) counts.oversold++;
          handles.push(handle);
          answered();
        },
        refused: () => {
          counts.refused++;
          answered();
        },
        accepted: answered,
      };
      talker.socket.once('close', () => reject(new Error('ours closed a connection')));
      for (let each = 0; each < IN_FLIGHT; each++) next();
    });
  }
}

/** How many of `askers` are granted a seat when they ask for one at the same time; they keep it. */
export async function grantsAtOnce(ours: Target, askers: number): Promise<number> {
  const talkers = await openTalkers(ours.daemon, askers);
  let grants = 0;
  await Promise.all(
    talkers.map(
      (talker) =>
        new Promise<void>((resolve) => {
          const granted = (): void => {
            grants++;
            resolve();
          };
          talker.answers = { granted, refused: resolve, accepted: resolve };
          talker.checkout();
          talker.send();
        }),
    ),
  );
  for (const each of talkers) each.close();
  return grants;
}
