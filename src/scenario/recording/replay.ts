import { renderDuration } from '../../base/time-words.ts';
import type { LogEvent } from './log-events.ts';
import { Names } from './names.ts';
import { SeatsOut } from './seats-out.ts';
import type { LogFacts } from './supply.ts';
import { SupplyInUse } from './supply-in-use.ts';

/** A step as a scenario has it. */
export type Step = Readonly<Record<string, unknown>>;

export interface ReplayOptions {
  readonly facts: LogFacts;
  /** Whether the licenses are those that the log shows; else what the log says is taken for what will happen. */
  readonly isSupplyOfLog: boolean;
  readonly anonymize: boolean;
  /** How much faster than in the log; infinite: without any time between steps. */
  readonly speed: number;
  readonly stepsMax: number;
}

/** Turns what a log tells into steps of a scenario that replays it. */
export class Replay {
  readonly steps: Step[] = [];
  /** Events that have no step, by why. */
  readonly leftOut = new Map<string, number>();
  readonly users: Names;
  readonly hosts: Names;
  /** Events that were turned into steps, or left out for a reason. */
  taken = 0;
  /** A step had no place any more: what comes after it has none, either. */
  isFull = false;
  /** When the scenario begins, in the log's time. */
  readonly start: number;
  readonly #projects: Names;
  readonly #options: ReplayOptions;
  readonly #out = new SeatsOut();
  /** Absent where the log alone decides what happens. */
  readonly #supply: SupplyInUse | undefined;
  /** Features of several vendors, in lower case. */
  readonly #ambiguous: ReadonlySet<string>;
  #elapsed = 0;
  #now: number;

  constructor(events: readonly LogEvent[], options: ReplayOptions) {
    this.#options = options;
    const { anonymize, facts, isSupplyOfLog } = options;
    this.users = new Names('user', anonymize);
    this.hosts = new Names('host', anonymize);
    this.#projects = new Names('project', anonymize);
    this.#supply = isSupplyOfLog ? new SupplyInUse(facts.supplies) : undefined;
    this.#ambiguous = ambiguousFeatures(events);
    this.start = events[0]?.at ?? 0;
    this.#now = this.start;
    for (const event of facts.before) {
      this.#checkout(event, { note: 'out since before the log' });
    }
    for (const event of events) {
      this.#now = event.at;
      this.#take(event);
      if (this.isFull) return;
      this.taken++;
    }
  }

  #take(event: LogEvent): void {
    switch (event.kind) {
      case 'out':
        return this.#takeOut(event);
      case 'in':
      case 'dequeued':
        return this.#takeIn(event);
      case 'queued':
        return this.#takeQueued(event);
      case 'denied':
        return this.#takeDenied(event);
      case 'restarted':
        return this.#takeRestart(event);
    }
  }

  #takeOut(event: LogEvent): void {
    // Granted when its turn came: by nobody's step.
    const turn = this.#out.of(event).find(({ state }) => state !== 'held');
    if (turn && (turn.state === 'granted' || !this.#supply)) turn.state = 'held';
    else if (!turn && this.#hasRoom(event)) this.#checkout(event, {});
    else this.#leaveOut('checkouts beyond the licenses that are there');
  }

  #takeIn(event: LogEvent): void {
    const open = this.#out.of(event);
    const taken = this.#out.take(event);
    if (taken.length === 0) return this.#leaveOut('check-ins of what was not out');
    const several = taken.length < open.length;
    if (several) for (const each of taken) this.#checkin(each.event, { count: each.event.count });
    else this.#checkin(event);
    for (const each of taken) this.#supply?.give(each);
  }

  #takeQueued(event: LogEvent): void {
    if (this.#out.of(event).length > 0) {
      return this.#leaveOut('requests that wait beside a license of the same user');
    }
    if (this.#supply && (this.#supply.hasRoom(event) || !this.#supply.has(event))) {
      return this.#leaveOut('requests that waited for another reason than that all are in use');
    }
    const waiting = this.#out.add(event, 'waiting');
    this.#supply?.wait(waiting);
    this.#add({ checkout: { ...this.#request(event), wait: true }, expect: 'queued' });
  }

  #takeDenied(event: LogEvent): void {
    const { code } = event;
    if (this.#supply && !this.#supply.explains(event)) {
      const why = code === undefined ? 'without a code' : `with ${code}`;
      return this.#leaveOut(`denials ${why}, which these licenses do not explain`);
    }
    const expect = code === undefined ? 'denied' : { denied: code };
    this.#add({ checkout: this.#request(event), expect });
  }

  /** A daemon that starts again has forgotten what was out: its clients ask anew, and the log says so. */
  #takeRestart({ vendor }: LogEvent): void {
    for (const open of this.#out.takeAll(vendor)) {
      this.#checkin(open[0]!.event);
      for (const each of open) this.#supply?.give(each);
    }
  }

  #checkout(event: LogEvent, more: Step): void {
    this.#out.add(event);
    this.#supply?.take(event);
    this.#add({ checkout: this.#request(event), expect: 'granted', ...more });
  }

  #checkin(event: LogEvent, more: Step = {}): void {
    this.#add({ checkin: { user: this.#client(event), feature: event.feature, ...more } });
  }

  /** Whether a request is granted at once: always, where the log alone decides. */
  #hasRoom(event: LogEvent): boolean {
    return this.#supply?.hasRoom(event) ?? true;
  }

  #request(event: LogEvent): Step {
    const { feature, vendor, count, version, project, data } = event;
    return {
      feature,
      user: this.#client(event),
      ...(count === 1 ? {} : { count }),
      ...(version === undefined ? {} : { version }),
      ...(this.#ambiguous.has(feature.toLowerCase()) ? { vendor } : {}),
      ...(project === undefined ? {} : { project: this.#projects.of(project) }),
      // It may be anything, a name too.
      ...(data === undefined || this.#options.anonymize
        ? {}
        : { data: data.replaceAll('${', '$_') }),
    };
  }

  #client({ user, host }: LogEvent): string {
    return `${this.users.of(user)}@${this.hosts.of(host)}`;
  }

  #leaveOut(why: string): void {
    this.leftOut.set(why, (this.leftOut.get(why) ?? 0) + 1);
  }

  #add(step: Step): void {
    const elapsed = Math.floor((this.#now - this.start) / this.#options.speed);
    const gap = elapsed - this.#elapsed;
    const added = gap > 0 ? [{ advance: renderDuration(gap) }, step] : [step];
    if (this.steps.length + added.length > this.#options.stepsMax) this.isFull = true;
    if (this.isFull) return;
    this.steps.push(...added);
    this.#elapsed = elapsed;
  }
}

function ambiguousFeatures(events: readonly LogEvent[]): ReadonlySet<string> {
  const vendors = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { feature, vendor } of events) {
    const name = feature.toLowerCase();
    const known = vendors.get(name) ?? vendor;
    if (known.toLowerCase() !== vendor.toLowerCase()) ambiguous.add(name);
    vendors.set(name, known);
  }
  return ambiguous;
}
