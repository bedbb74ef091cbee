import { parseDebugLogLine } from '../../text/debug-log-parser/parse-debug-log-line.ts';
import type { ParsedEvent, SeatEvent } from '../../text/debug-log-parser/parsed.ts';
import { ByteNames, textOfBytes } from './byte-names.ts';
import { type LogEventName, logEvent } from './seat-block.ts';

/** Who asked, as the log has it before and behind the last @. */
export interface LogClient {
  readonly user: string;
  readonly host: string;
}

export interface LogFeature {
  readonly daemon: string;
  readonly feature: string;
}

/** Ends of lines that are kept; texts of denials are few, and others are read the slow way. */
const TAILS_MAX = 20_000;
/** A tail that cannot be read without its line. */
const SLOW = -1;

/** The numbers that stand for daemons, features, clients and reasons in one ingest. */
export class LogNames {
  readonly daemons = new ByteNames();
  readonly features = new ByteNames();
  readonly clients = new ByteNames();
  /** What stands behind clients; the tag is the kind of event. */
  readonly tails = new ByteNames();
  readonly #tailCounts: number[] = [];
  readonly #tailReasons: number[] = [];
  readonly #reasons: string[] = [''];
  readonly #reasonIds = new Map([['', 0]]);
  readonly #bases: number[] = [];

  /** The daemon that a forked copy (`acmed_1`) belongs to. */
  baseOf(daemon: number): number {
    let base = this.#bases[daemon];
    if (base === undefined) {
      base = this.#findBase(daemon);
      this.#bases[daemon] = base;
    }
    return base;
  }

  #findBase(daemon: number): number {
    const base = this.daemons.textOf(daemon).replace(/_\d{1,9}$/, '');
    return this.daemons.idOfText(base, 0);
  }

  daemonText(id: number): string {
    return this.daemons.textOf(id);
  }

  feature(id: number): LogFeature {
    return {
      daemon: this.daemons.textOf(this.features.tagOf(id)),
      feature: this.features.textOf(id),
    };
  }

  client(id: number): LogClient {
    return clientOfText(this.clients.textOf(id));
  }

  get reasonCount(): number {
    return this.#reasons.length;
  }

  reasonText(id: number): string {
    return this.#reasons[id]!;
  }

  reasonId(text: string): number {
    let id = this.#reasonIds.get(text);
    if (id === undefined) {
      id = this.#reasons.push(text) - 1;
      this.#reasonIds.set(text, id);
    }
    return id;
  }

  /** Whether ends of lines are still learned: a log whose lines all end otherwise is read the slow way. */
  get learnsTails(): boolean {
    return this.tails.size < TAILS_MAX;
  }

  /**
   * Reads what stands behind a client, count and reason, once for all lines that end so: to be called when `tails`
   * has just given `id` for the first time.
   */
  learn(id: number, line: Buffer, client: number): void {
    if (id < this.#tailCounts.length) return;
    const { event } = parseDebugLogLine(textOfBytes(line));
    // Behind a caret stands more than a count and a reason.
    const isSame =
      logEvent[event.kind as LogEventName] === this.tails.tagOf(id) &&
      'user' in event &&
      'count' in event &&
      `${event.user}@${event.host}` === this.clients.textOf(client) &&
      !this.tails.textOf(id).includes('^');
    this.#tailCounts.push(isSame ? event.count : 0);
    this.#tailReasons.push(isSame ? this.reasonId(reasonOf(event)) : SLOW);
  }

  get tailsLearned(): number {
    return this.#tailCounts.length;
  }

  tailCount(id: number): number {
    return this.#tailCounts[id]!;
  }

  /** -1: a line that ends so is read the slow way. */
  tailReason(id: number): number {
    return this.#tailReasons[id]!;
  }
}

/** `ann@ws1`; users may have an @ in their names. */
export function clientOfText(text: string): LogClient {
  const at = text.lastIndexOf('@');
  return { user: text.slice(0, at), host: text.slice(at + 1) };
}

/** Why a seat came back or was refused: `SHUTDOWN`, `-4,342`; '' when the line does not say. */
export function reasonOf(event: SeatEvent | ParsedEvent): string {
  if (event.kind === 'in') return event.reason ?? '';
  if (event.kind !== 'denied' && event.kind !== 'unsupported') return '';
  const { error } = event;
  return error?.major === undefined ? '' : `${error.major},${error.minor}`;
}
