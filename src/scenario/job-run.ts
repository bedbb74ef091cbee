import type { EpochMs } from '../base/clock.ts';
import { parseLmstat } from '../text/lmstat-parser/parse-lmstat.ts';
import { whoIs } from './client-names.ts';
import type { Stand } from './stand.ts';

/** A batch job that needs licenses, as a cluster's scheduler knows it. */
export interface Job {
  readonly name: string;
  /** `ann@node1` */
  readonly client: string;
  /** By feature: as many as it needs, and as many as it takes where they are free. */
  readonly licenses: ReadonlyMap<string, { readonly least: number; readonly most: number }>;
  /** The highest goes first. */
  readonly priority: number;
  /** After the step began. */
  readonly afterMs: number;
  readonly holdsMs: number;
  /** Between two looks whether licenses are free. */
  readonly everyMs: number;
  /** The longest wait for them. */
  readonly timeoutMs: number;
  readonly ends: 'checkin' | 'dies' | 'vanishes';
}

/** What became of a job. */
export interface JobEnd {
  readonly name: string;
  readonly ended: Job['ends'] | 'timedOut';
  /** From its submission until it got its licenses, or gave up. */
  readonly waitedMs: number;
  /** When it got its licenses; absent when it did not. */
  readonly startedAt?: EpochMs;
  /** How often it asked lmstat. */
  readonly looks: number;
  /** By feature. */
  readonly took: Readonly<Record<string, number>>;
}

interface Running {
  readonly job: Job;
  readonly submitted: EpochMs;
  /** When it looks again, or ends. */
  at: EpochMs;
  looks: number;
  startedAt?: EpochMs;
  took: Record<string, number>;
}

/** Runs jobs side by side on the scenario's clock, until the last has ended. */
export class JobRun {
  readonly #stand: Stand;
  readonly #running: Running[];
  readonly #ends: JobEnd[] = [];

  constructor(stand: Stand, jobs: readonly Job[]) {
    this.#stand = stand;
    const now = stand.now();
    // Of one moment, the most urgent first; else as they are written.
    this.#running = [...jobs]
      .sort((a, b) => b.priority - a.priority)
      .map((job) => {
        const submitted = now + job.afterMs;
        return { job, submitted, at: submitted, looks: 0, took: {} };
      });
  }

  async take(): Promise<readonly JobEnd[]> {
    while (this.#running.length > 0) {
      const next = Math.min(...this.#running.map(({ at }) => at));
      if (next > this.#stand.now()) await this.#stand.moveTo(next);
      const due = this.#running.filter(({ at }) => at <= next);
      // What ends makes room for those that look.
      for (const each of due.filter(({ startedAt }) => startedAt !== undefined)) {
        await this.#end(each);
      }
      for (const each of due.filter(({ startedAt }) => startedAt === undefined)) {
        await this.#look(each);
      }
    }
    return this.#ends;
  }

  async #end({ job, ...run }: Running): Promise<void> {
    const { client, ends } = job;
    const stand = this.#stand;
    for (const feature of job.licenses.keys()) {
      if (ends === 'checkin') await stand.checkin({ client, feature });
      else if (ends === 'dies') stand.killClient({ client, feature });
    }
    if (ends === 'vanishes') await this.#vanish(client);
    await stand.settled();
    this.#done({ job, ...run }, ends);
  }

  async #vanish(client: string): Promise<void> {
    const { user, host } = whoIs(client);
    for (const server of this.#stand.servers) if (server.up) await server.silence(user, host);
  }

  async #look(run: Running): Promise<void> {
    const { job, submitted } = run;
    run.looks++;
    if (!this.#isBehind(run) && (await this.#start(run))) return;
    const again = this.#stand.now() + job.everyMs;
    if (again > submitted + job.timeoutMs) return this.#done(run, 'timedOut');
    run.at = again;
  }

  /** Somebody more urgent waits for one of its features. */
  #isBehind({ job }: Running): boolean {
    return this.#running.some(({ job: other, startedAt, submitted }) => {
      const waits = startedAt === undefined && submitted <= this.#stand.now();
      if (!waits || other.priority <= job.priority) return false;
      return [...other.licenses.keys()].some((feature) => job.licenses.has(feature));
    });
  }

  async #start(run: Running): Promise<boolean> {
    const { job } = run;
    const wanted = new Map<string, number>();
    for (const [feature, { least, most }] of job.licenses) {
      const free = await this.#free(feature);
      if (free < least) return false;
      wanted.set(feature, Math.min(free, most));
    }
    if (!(await this.#checkout(job, wanted))) return false;
    run.took = Object.fromEntries(wanted);
    run.startedAt = this.#stand.now();
    run.at = run.startedAt + job.holdsMs;
    return true;
  }

  /** As lmstat tells: what the job itself may have of it is another matter. */
  async #free(feature: string): Promise<number> {
    const { out } = await this.#stand.lmutil(['lmstat', '-f', feature], whoIs('scheduler@head'));
    const all = parseLmstat(out).servers.flatMap(({ vendors }) => vendors);
    const features = all.flatMap((vendor) => vendor.features);
    return features.reduce((sum, each) => {
      if (each.name.toLowerCase() !== feature.toLowerCase()) return sum;
      if (each.kind === 'uncounted') return Infinity;
      return each.kind === 'counted' ? sum + each.issued - each.used : sum;
    }, 0);
  }

  /** All or nothing: lmstat may have promised what others took meanwhile. */
  async #checkout({ client }: Job, wanted: ReadonlyMap<string, number>): Promise<boolean> {
    for (const [feature, count] of wanted) {
      const request = { ...whoIs(client), feature, count, version: '0.0', data: '' };
      const outcome = await this.#stand.checkout(request);
      await this.#stand.settled();
      if (outcome.kind === 'granted') continue;
      for (const [taken] of wanted) {
        if (taken === feature) break;
        await this.#stand.checkin({ client, feature: taken });
      }
      return false;
    }
    return true;
  }

  #done(run: Running, ended: JobEnd['ended']): void {
    const { job, submitted, startedAt, looks, took } = run;
    this.#running.splice(
      this.#running.findIndex((each) => each.job === job),
      1,
    );
    this.#ends.push({
      name: job.name,
      ended,
      waitedMs: (startedAt ?? this.#stand.now()) - submitted,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...{ looks, took },
    });
  }
}
