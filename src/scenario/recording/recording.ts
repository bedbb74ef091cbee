import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { textLines } from '../../files/text-lines.ts';
import { LogEvents } from './log-events.ts';
import { Replay, type Step } from './replay.ts';
import { scenarioText } from './scenario-text.ts';
import { factsOf, licenseText } from './supply.ts';

export interface RecordingOptions {
  /** Paths of debug logs, in order; undefined is standard input. */
  readonly logs: readonly (string | undefined)[];
  readonly name: string;
  /** Users, hosts and projects get pseudonyms; checkout data is left out. */
  readonly anonymize: boolean;
  /** How much faster than in the log; infinite: without any time between steps. */
  readonly speed: number;
  readonly stepsMax: number;
  /** The text of a license file; else one is made of what was out. */
  readonly license?: string;
  /** The texts of options files, by vendor daemon. */
  readonly options: Readonly<Record<string, string>>;
}

/** What was recorded, and what was not. */
export interface RecordingSummary {
  readonly steps: number;
  readonly checkouts: number;
  readonly denied: number;
  readonly queued: number;
  readonly checkins: number;
  readonly users: number;
  readonly features: number;
  /** Of the first and the last event, as the log's clock showed it. */
  readonly from: string;
  readonly to: string;
  readonly lines: number;
  /** Lines of no known kind, and where the first is. */
  readonly notUnderstood: number;
  readonly firstNotUnderstood?: number;
  /** Names that a scenario cannot spell. */
  readonly respelled: number;
  /** Events without a step, by why. */
  readonly leftOut: Readonly<Record<string, number>>;
}

export interface Recording {
  readonly text: string;
  readonly summary: RecordingSummary;
}

/**
 * Makes a scenario of debug logs that replays their checkouts. Reads each log once, line by line, and keeps no more
 * than the events that have a place in it.
 * @throws KnownError FILE_UNREADABLE; USAGE for logs in which nobody has a license
 */
export async function recordScenario(options: RecordingOptions): Promise<Recording> {
  const log = await readLogs(options);
  const { events } = log;
  const facts = factsOf(events);
  if (options.license === undefined && facts.supplies.size === 0) {
    const where = options.logs.map((path) => path ?? 'standard input').join(', ');
    const lines = log.lines === 1 ? '1 line' : `${log.lines} lines`;
    const got = `${lines} without any, ${log.unknown} not understood`;
    const text = `${where}: expected a debug log with checkouts (OUT: lines), got ${got}`;
    throw new KnownError('USAGE', text);
  }
  const replay = new Replay(events, {
    ...options,
    facts,
    isSupplyOfLog: options.license === undefined,
  });
  const last = events[Math.max(0, replay.taken - 1)]?.at ?? 0;
  const clockOf = (at: number): string => new Date(log.firstDay + at).toISOString().slice(0, 19);
  const [from, to] = [clockOf(replay.start), clockOf(last)];
  const summary = summaryOf(log, replay, { from, to, features: featureCount(replay) });
  const text = scenarioText({
    name: options.name,
    about: `recorded by fauxlm record from a debug log, ${from} to ${to}`,
    clock: from,
    license: options.license ?? licenseText(facts.supplies.values()),
    options: options.options,
    steps: replay.steps,
  });
  return { text, summary };
}

async function readLogs({ logs, stepsMax }: RecordingOptions): Promise<LogEvents> {
  const log = new LogEvents(Math.min(stepsMax, limits.recordedStepsMax));
  for (const path of logs) {
    for await (const line of textLines(path)) log.read(line);
  }
  return log;
}

function summaryOf(
  log: LogEvents,
  replay: Replay,
  span: Pick<RecordingSummary, 'from' | 'to' | 'features'>,
): RecordingSummary {
  const { lines, unknown, firstUnknown, unnamable, shared } = log;
  const behind = log.later + log.events.length - replay.taken;
  const leftOut: Record<string, number> = Object.fromEntries(replay.leftOut);
  if (behind > 0) leftOut['events after the last step that a recording may have'] = behind;
  if (shared > 0) leftOut['events of licenses that were shared'] = shared;
  if (unnamable > 0) leftOut['events of features that no license file can name'] = unnamable;
  return {
    steps: replay.steps.length,
    ...kindsOf(replay.steps),
    users: replay.users.size,
    ...span,
    ...{ lines, notUnderstood: unknown },
    ...(firstUnknown === undefined ? {} : { firstNotUnderstood: firstUnknown }),
    respelled: replay.users.respelled + replay.hosts.respelled,
    leftOut,
  };
}

/** How many there are of each kind, by what is expected of them. */
function kindsOf(steps: readonly Step[]) {
  const checkouts = steps.filter(({ checkout }) => checkout !== undefined);
  const granted = checkouts.filter(({ expect }) => expect === 'granted').length;
  const queued = checkouts.filter(({ expect }) => expect === 'queued').length;
  const denied = checkouts.length - granted - queued;
  const checkins = steps.filter(({ checkin }) => checkin !== undefined).length;
  return { checkouts: granted, denied, queued, checkins };
}

function featureCount({ steps }: Replay): number {
  const names = steps.flatMap(({ checkout }) => {
    return checkout === undefined ? [] : [(checkout as { readonly feature: string }).feature];
  });
  return new Set(names).size;
}
