import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import type { HistorySink } from '../scan/history.ts';
import type { LogNames } from '../scan/log-names.ts';
import type { WallClock } from '../scan/wall-clock.ts';
import { readLmstatPolls, type TakePoll } from './lmstat-polls.ts';
import { folded, type Poll, type SampleFile } from './poll.ts';
import { readRangePolls } from './range-polls.ts';
import { SampleHistory, type Sampling } from './sample-history.ts';
import type { SampledFacts, SavedHolder } from './sampled-feature.ts';
import type { SourceKind } from './source-kind-names.ts';
import type { KnownSources } from './source-kinds.ts';
import { readTableSamples } from './table-polls.ts';

/** What samples, or a table of sessions, have told. */
export interface ReadSamples {
  readonly begin: EpochMs;
  readonly end: EpochMs;
  /** What was seen up to here need not be looked at again. */
  readonly resumeAt: EpochMs;
  /** Samples or sessions that were known already. */
  readonly passedOver: number;
  readonly open: readonly SavedHolder[];
  readonly openCount: number;
  readonly quality: SampleQuality;
}

/** What is to be known of samples before one believes them. Without `sampling` it is sessions that were told. */
export interface SampleQuality {
  readonly kind: SourceKind;
  readonly logs: readonly SampleFile[];
  readonly sampling?: Sampling;
  readonly features?: readonly SampledFacts[];
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
  readonly gapsLeftOut?: number;
  readonly openAtEnd: number;
}

export interface SampleReading {
  readonly names: LogNames;
  readonly wall: WallClock;
  readonly sink: HistorySink;
  /** Where to go on, and what was out there. */
  readonly resume?: { readonly at: EpochMs; readonly open: readonly SavedHolder[] };
  readonly report?: (path: string, bytes: number) => void;
}

/**
 * Reads samples into sessions and steps. What is out at the end stays open: in the sink with `end`, else in `open`.
 * @throws KnownError FILE_UNREADABLE, PLAN_NOT_A_LOG, PLAN_TOO_LARGE, USAGE
 */
export async function readSamples(
  { kind, paths }: KnownSources,
  reading: SampleReading,
  { end }: { readonly end: boolean },
): Promise<ReadSamples> {
  const { names, wall, sink, resume, report = () => {} } = reading;
  const history = new SampleHistory(names, sink);
  if (resume !== undefined) history.restore(resume.open, resume.at);
  const take: TakePoll = (poll: Poll, file) => history.take(poll, file);
  const after = resume?.at ?? Number.NEGATIVE_INFINITY;
  const read =
    kind === 'csv'
      ? await readTableSamples(paths, { names, wall, sink }, take, after)
      : {
          files:
            kind === 'lmstat'
              ? await readLmstatPolls(paths, wall, take, report)
              : await readRangePolls(paths, take),
        };
  const { files } = read;
  checkFound(
    files.some(({ understood }) => understood > 0),
    kind,
    paths,
  );
  if ('sessions' in read && read.sessions !== undefined) {
    const { first, latest, lastStart, passedOver, open } = read.sessions;
    checkFound(Number.isFinite(first), kind, paths);
    const quality = { kind, logs: folded(files), gaps: [], openAtEnd: open };
    const told = { begin: first, end: latest, resumeAt: lastStart, passedOver, quality };
    return { ...told, open: [], openCount: open };
  }
  checkFound(history.first !== undefined || history.passedOver > 0, kind, paths);
  const open = history.save();
  if (end) history.end();
  return {
    begin: history.first ?? history.latest,
    end: history.latest,
    resumeAt: history.latest,
    passedOver: history.passedOver,
    ...{ open, openCount: open.length, quality: qualityOf(kind, files, history, open.length) },
  };
}

function qualityOf(
  kind: SourceKind,
  logs: readonly SampleFile[],
  { sampling, facts, gaps, gapsLeft }: SampleHistory,
  openAtEnd: number,
): SampleQuality {
  return {
    ...{ kind, logs: folded(logs), sampling, features: facts },
    gaps: gaps.map(({ from, to }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    })),
    ...(gapsLeft > 0 && { gapsLeftOut: gapsLeft }),
    openAtEnd,
  };
}

const expectations: Readonly<Record<SourceKind, string>> = {
  log: 'lines with a time',
  lmstat: 'outputs of lmstat that tell their time (Flexible License Manager status on ...)',
  prometheus: 'series such as flexlm_feature_used with values',
  csv: 'rows with a time and a number of seats',
};

function checkFound(isFound: boolean, kind: SourceKind, paths: readonly string[]): void {
  if (isFound) return;
  const shown = paths.slice(0, 3).join(', ');
  const text = `${shown}: expected ${expectations[kind]}, got none of them`;
  throw new KnownError('PLAN_NOT_A_LOG', text);
}
