import { isVersion } from '../../domain/license/versions.ts';
import type { ParsedEvent, SeatEvent } from '../../text/debug-log-parser/parsed.ts';
import { DebugLogReader } from '../../text/debug-log-parser/reader.ts';
import { LogTime } from './log-time.ts';

/** Something that happened to licenses, as a log tells it. */
export interface LogEvent {
  /** Milliseconds from midnight of the log's first day. */
  readonly at: number;
  readonly kind: 'out' | 'in' | 'queued' | 'dequeued' | 'denied' | 'restarted';
  readonly vendor: string;
  /** '' of a daemon that was restarted. */
  readonly feature: string;
  readonly user: string;
  readonly host: string;
  readonly count: number;
  readonly data?: string;
  /** The version asked for, of verbose lines. */
  readonly version?: string;
  readonly project?: string;
  /** Licenses there are, of verbose lines. */
  readonly outOf?: number;
  /** Why it was denied, where the log says so. */
  code?: number;
}

const seatKinds = {
  out: 'out',
  in: 'in',
  queued: 'queued',
  dequeued: 'dequeued',
  denied: 'denied',
  unsupported: 'denied',
} as const satisfies Record<SeatEvent['kind'], LogEvent['kind']>;

/** Reads a debug log line by line and keeps the first events of licenses; of everything else it keeps numbers. */
export class LogEvents {
  readonly events: LogEvent[] = [];
  readonly #reader = new DebugLogReader();
  readonly #time = new LogTime();
  readonly #eventsMax: number;
  readonly #daemons = new Set<string>();
  #daemon = '';
  /** A denial whose reason may be on the next line. */
  #denied: LogEvent | undefined;

  lines = 0;
  /** Lines that are of no known kind. */
  unknown = 0;
  /** The number of the first of them, from 1. */
  firstUnknown: number | undefined;
  /** Licenses that somebody had already: such lines of the verbose form make no seat. */
  shared = 0;
  /** Events behind those that are kept. */
  later = 0;
  /** Features that no license file can name. */
  unnamable = 0;

  constructor(eventsMax: number) {
    this.#eventsMax = eventsMax;
  }

  /** Midnight from which events count their time, as a time in UTC. */
  get firstDay(): number {
    return this.#time.firstDay;
  }

  read(text: string): void {
    this.lines++;
    const line = this.#reader.read(text);
    const at = this.#time.at(line);
    const { event, prefix } = line;
    if (prefix) this.#daemon = this.#daemonOf(prefix.daemon);
    const denied = this.#denied;
    this.#denied = undefined;
    if (event.kind === 'unknown') {
      this.unknown++;
      this.firstUnknown ??= this.lines;
    } else if (event.kind === 'reason') {
      if (denied && event.error.major !== undefined) denied.code = event.error.major;
    } else if (event.kind === 'daemonStarted') {
      this.#add({ ...nobody, at, kind: 'restarted', vendor: event.vendor });
    } else if (isSeatEvent(event)) this.#addSeat(event, at);
  }

  /** A daemon's forked copies write as `acmed_1`. */
  #daemonOf(name: string): string {
    const base = name.replace(/_\d+$/, '');
    if (this.#daemons.has(base)) return base;
    this.#daemons.add(name);
    return name;
  }

  #addSeat(event: SeatEvent, at: number): void {
    const { feature, host, count, data, verbose } = event;
    const user = event.user || (verbose?.user ?? '');
    if (!/^[^\s"#=\\]+$/.test(feature)) {
      this.unnamable++;
      return;
    }
    if (verbose?.isDuplicate) {
      this.shared++;
      return;
    }
    const { version, project, outOf } = verbose ?? {};
    const code = 'error' in event ? event.error?.major : undefined;
    const added = this.#add({
      ...{ at, kind: seatKinds[event.kind], vendor: this.#daemon, feature, user, host, count },
      ...(data === undefined || data === '' ? {} : { data }),
      ...(version !== undefined && isVersion(version) ? { version } : {}),
      ...(project === undefined || project === '' ? {} : { project }),
      ...(outOf === undefined || outOf === 0 ? {} : { outOf }),
      ...(code === undefined ? {} : { code }),
    });
    if (event.kind === 'denied' && code === undefined) this.#denied = added;
  }

  #add(event: LogEvent): LogEvent {
    if (this.events.length < this.#eventsMax) this.events.push(event);
    else if (event.kind !== 'restarted') this.later++;
    return event;
  }
}

const nobody = { feature: '', user: '', host: '', count: 0 } as const;

function isSeatEvent(event: ParsedEvent): event is SeatEvent {
  return Object.hasOwn(seatKinds, event.kind);
}
