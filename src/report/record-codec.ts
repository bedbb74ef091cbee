import { type Counters, counterNames, noCounts, timingNames } from './counters.ts';
import { decodeHistogram, encodeHistogram } from './histogram-codec.ts';
import { countIn, countsIn, lengthIn, mappingIn, numberIn, type Plain } from './plain.ts';
import { featureCounts, intervalCounts, RunRecord } from './run-record.ts';

/** A record as plain data; histograms are HdrHistogram V2 texts. Without `intervals` only their length is told. */
export function recordAsJson(record: RunRecord, { intervals = true } = {}): object {
  const filled = timingNames.filter((name) => record.timings[name].total > 0);
  return {
    counters: record.counters,
    denialsByCode: sortedCounts(record.denialsByCode),
    errorsByCode: sortedCounts(record.errorsByCode),
    features: Object.fromEntries([...record.features].sort(([a], [b]) => (a < b ? -1 : 1))),
    gapMs: record.gapMs,
    histograms: Object.fromEntries(
      filled.map((name) => [name, encodeHistogram(record.timings[name])]),
    ),
    intervalMs: record.intervalMs,
    intervals: (intervals ? record.intervals : []).map(({ response, ...counts }) => ({
      ...counts,
      ...(response.total === 0 ? {} : { response: encodeHistogram(response) }),
    })),
  };
}

function sortedCounts(counts: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => b - a));
}

/** @throws KnownError LOAD_BUNDLE for histograms that are none, Error for other data that is not a record */
export function recordOfJson(value: Plain, where: string): RunRecord {
  const record = new RunRecord(lengthIn(value, 'intervalMs'));
  Object.assign(record.counters, countersIn(mappingIn(value, 'counters')));
  for (const [code, times] of countsIn(value, 'denialsByCode'))
    record.denialsByCode.set(Number(code), times);
  for (const [code, times] of countsIn(value, 'errorsByCode'))
    record.errorsByCode.set(Number(code), times);
  readFeatures(mappingIn(value, 'features'), record);
  record.gapMs = numberIn(value, 'gapMs');
  const histograms = mappingIn(value, 'histograms');
  for (const name of timingNames) {
    const text = histograms[name];
    if (text === undefined) continue;
    record.timings[name].add(decodeHistogram(String(text), `${where}: ${name}`));
  }
  readIntervals(value['intervals'] as readonly Plain[], record, where);
  return record;
}

function readFeatures(features: Plain, record: RunRecord): void {
  for (const name of Object.keys(features)) {
    const counts = mappingIn(features, name);
    const mine = record.feature(name);
    for (const each of featureCounts) mine[each] = countIn(counts, each);
  }
}

function readIntervals(all: readonly Plain[], record: RunRecord, where: string): void {
  all.forEach((each, index) => {
    const interval = record.intervalAt(index * record.intervalMs);
    for (const name of intervalCounts) interval[name] = countIn(each, name);
    const text = each['response'];
    if (text === undefined) return;
    interval.response.add(decodeHistogram(String(text), `${where}: interval ${index}`));
  });
}

function countersIn(values: Plain): Counters {
  const counters = noCounts();
  // One that an earlier version did not count is not there: it has counted none.
  for (const name of counterNames) if (name in values) counters[name] = countIn(values, name);
  return counters;
}
