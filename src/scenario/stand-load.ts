import { limits } from '../base/limits.ts';
import { Rng } from '../base/rng.ts';
import { type SeatRequest, WHOLE, type Workload } from '../domain/workload/model.ts';
import { Engine } from '../load/engine.ts';
import {
  LEFT_QUEUE,
  type LoadClient,
  type LoadTarget,
  type QueueWish,
  type Reply,
  type Seat,
} from '../load/target.ts';
import { VirtualAgenda } from '../load/virtual-agenda.ts';
import { intervalOf, RunRecord } from '../report/run-record.ts';
import type { Stand } from './stand.ts';
import { StepRefused } from './step-row.ts';

/** Runs a workload on the scenario's clock, each thing at its own time, and gives what came of it. */
export async function runStandLoad(
  stand: Stand,
  workload: Workload,
  { seed, server }: { readonly seed: string; readonly server: string | undefined },
): Promise<RunRecord> {
  const record = new RunRecord(intervalOf(workload.durationMs));
  const agenda = new VirtualAgenda();
  const target = new StandTarget(stand, server);
  const engine = new Engine({
    workload: { ...workload, connections: 'fresh' },
    ...{ shard: WHOLE, rng: new Rng(seed), agenda, target, record },
    onDone: () => {},
  });
  engine.start();
  await keepAll(agenda, stand, target);
  return record;
}

/** Keeps every appointment on the scenario's clock, which is moved from one to the next, until there are none. */
async function keepAll(agenda: VirtualAgenda, stand: Stand, target: StandTarget): Promise<void> {
  const begin = stand.now();
  let turns = 0;
  for (let { first: next } = agenda; next !== undefined; next = agenda.first) {
    if (++turns > limits.scenarioLoadTurnsMax) {
      throw new StepRefused(`a load of at most ${limits.scenarioLoadTurnsMax} events`, 'more');
    }
    // The scenario's clock has whole milliseconds.
    const moment = begin + Math.floor(next.at);
    if (moment > stand.now()) await stand.moveTo(moment);
    agenda.passTo(next.at);
    await target.settled();
    // Who got a license meanwhile may have made other appointments.
    if (agenda.first !== next) continue;
    agenda.keep(next);
    await target.settled();
  }
}

/** The clients of a load, as those of the scenario: one a session, so that each is told from the others. */
class StandTarget implements LoadTarget {
  readonly #stand: Stand;
  readonly #server: string | undefined;
  readonly #waiting = new Map<string, (isGranted: boolean) => void>();
  #clients = 0;
  /** What is asked, one after the other: who is asked first must not be up to sockets. */
  #asking: Promise<void> = Promise.resolve();
  #open = 0;

  constructor(stand: Stand, server: string | undefined) {
    this.#stand = stand;
    this.#server = server;
  }

  connect(user: number, done: (client: LoadClient | undefined, code: number) => void): void {
    this.#clients++;
    const name = { user: `load${user + 1}`, host: `job${this.#clients}` };
    done(new StandClient(this, name), 0);
  }

  /** A workload of flags has no monitors. */
  poll(_feature: string | undefined, done: (isGood: boolean) => void): void {
    done(true);
  }

  /** Takes its turn. */
  ask(work: (stand: Stand, server: string | undefined) => Promise<void>): void {
    this.#open++;
    this.#asking = this.#asking
      .then(() => work(this.#stand, this.#server))
      .finally(() => this.#open--);
  }

  /** Told whether it has got what it waits for, or waits in vain. */
  wait(client: string, told: (isGranted: boolean) => void): void {
    this.#waiting.set(client, told);
  }

  waitNoMore(client: string): boolean {
    return this.#waiting.delete(client);
  }

  /** Until all is asked, and all that follows from it has happened and been told. */
  async settled(): Promise<void> {
    do {
      while (this.#open > 0) await this.#asking;
      await this.#stand.settled();
      this.#tellWaiting();
    } while (this.#open > 0);
  }

  #tellWaiting(): void {
    if (this.#waiting.size === 0) return;
    for (const { client, state } of this.#stand.holdings()) {
      const told = state === 'waiting' ? undefined : this.#waiting.get(client);
      if (told === undefined) continue;
      this.#waiting.delete(client);
      told(state === 'held');
    }
  }
}

class StandClient implements LoadClient {
  onLost: () => void = () => {};
  onSeatLost: (seat: Seat) => void = () => {};
  readonly #target: StandTarget;
  readonly #who: { readonly user: string; readonly host: string };
  /** Of each handle that the load knows it by. */
  readonly #requests = new Map<number, SeatRequest>();
  #handle = 0;

  constructor(target: StandTarget, who: { readonly user: string; readonly host: string }) {
    this.#target = target;
    this.#who = who;
  }

  get #name(): string {
    return `${this.#who.user}@${this.#who.host}`;
  }

  checkout(request: SeatRequest, queue: QueueWish | undefined, done: (reply: Reply) => void): void {
    const granted = (vendor: string): void => {
      this.#requests.set(++this.#handle, request);
      done({ kind: 'granted', seat: { vendor, handle: this.#handle } });
    };
    this.#target.ask(async (stand, server) => {
      const asked = { ...this.#who, ...request, data: '', wait: queue !== undefined };
      const at = server === undefined ? {} : { server };
      const outcome = await stand.checkout({ ...asked, ...at });
      if (outcome.kind === 'granted') return granted(outcome.vendor);
      if (outcome.kind === 'denied') return done(replyOf(outcome.refusal.major));
      this.#target.wait(this.#name, (isGranted) => {
        if (isGranted) granted('');
        else done(replyOf(NOBODY));
      });
      queue?.queued(() => this.#leave(request.feature, done));
    });
  }

  checkin({ handle }: Seat, done: (isBack: boolean) => void): void {
    const request = this.#requests.get(handle);
    this.#requests.delete(handle);
    this.#target.ask(async (stand) => {
      const isHeld = stand.holdings().some(({ client, feature, state }) => {
        return client === this.#name && feature === request?.feature && state === 'held';
      });
      const { feature = '', count = 1 } = request ?? {};
      await stand.checkin({ client: this.#name, feature, count });
      done(isHeld);
    });
  }

  close(): void {
    this.#target.waitNoMore(this.#name);
    if (this.#requests.size === 0) return;
    this.#requests.clear();
    this.#target.ask(async (stand) => {
      stand.killClient({ client: this.#name });
    });
  }

  /** It may have been quicker: then it has been told. */
  #leave(feature: string, done: (reply: Reply) => void): void {
    if (!this.#target.waitNoMore(this.#name)) return;
    this.#target.ask(async (stand) => {
      await stand.checkin({ client: this.#name, feature });
      done({ kind: 'denied', code: LEFT_QUEUE });
    });
  }
}

const NOBODY = -16;

/** Codes that say that no vendor daemon decided: no server, no daemon, a broken or silent connection. */
const undecided: ReadonlySet<number> = new Set([-15, -16, -17, -52, -96, -97]);

function replyOf(code: number): Reply {
  return { kind: undecided.has(code) ? 'failed' : 'denied', code };
}
