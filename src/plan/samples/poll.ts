import type { EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';

/** A checkout that a sample shows. */
export interface PolledHolder {
  /** `ann@ws1` */
  readonly client: string;
  /** Tells a checkout of a client from her others: the same in each sample that shows it. */
  readonly key: string;
  /** When it went out, where the sample says so. */
  readonly since?: EpochMs;
  readonly count: number;
}

/** What a sample says of one feature. */
export interface PolledFeature {
  readonly daemon: string;
  readonly feature: string;
  /** Seats out, without those that are only reserved. */
  readonly used: number;
  /** Seats that there are; undefined: uncounted, or the sample does not say. */
  readonly issued?: number;
  /** Those who are named. The rest of `used` is out to somebody. */
  readonly holders: readonly PolledHolder[];
}

/** What was seen at one moment. */
export interface Poll {
  readonly at: EpochMs;
  readonly features: readonly PolledFeature[];
  /** Daemons that told all they have: of their features that are not listed nothing is out. */
  readonly complete: readonly string[];
  /** Servers and daemons that could not be asked. */
  readonly failures: number;
}

/** What became of the lines of a file of samples. `lines` is the sum of the three counts. */
export interface SampleFile {
  readonly path: string;
  lines: number;
  understood: number;
  /** Empty lines. */
  ignored: number;
  notUnderstood: number;
  readonly strangeLines: { readonly line: number; readonly text: string }[];
  /** Samples that tell no time, or one before that of the sample above them. */
  withoutTime: number;
  outOfOrder: number;
}

export function newSampleFile(path: string): SampleFile {
  return {
    ...{ path, lines: 0, understood: 0, ignored: 0, notUnderstood: 0, strangeLines: [] },
    ...{ withoutTime: 0, outOfOrder: 0 },
  };
}

/** Files that are told one by one: a folder may have a hundred thousand. */
const FILES_TOLD_MAX = 100;

/** The same, the last of them those that are too many to be told, together. */
export function folded(files: readonly SampleFile[]): readonly SampleFile[] {
  if (files.length <= FILES_TOLD_MAX) return files;
  const rest = files.slice(FILES_TOLD_MAX);
  return [...files.slice(0, FILES_TOLD_MAX), sumOf(rest, `${rest.length} more files`)];
}

/** All that became of the lines of files. */
export function sumOf(files: readonly SampleFile[], path: string): SampleFile {
  const sum = newSampleFile(path);
  for (const file of files) {
    for (const count of counts) sum[count] += file[count];
    const room = limits.logStrangeLinesMax - sum.strangeLines.length;
    sum.strangeLines.push(...file.strangeLines.slice(0, Math.max(0, room)));
  }
  return sum;
}

const counts = [
  ...(['lines', 'understood', 'ignored', 'notUnderstood', 'withoutTime', 'outOfOrder'] as const),
] as const;
