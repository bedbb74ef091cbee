import { renderDuration } from '../base/time-words.ts';
import type { Part } from './bundle.ts';
import { counterNames, type Timing, timingNames } from './counters.ts';
import { rounded } from './rounding.ts';
import { cpuOf, type Outcome, quantiles, startSpreadMs } from './summary.ts';
import { type Judged, measuredText, ranMs } from './thresholds.ts';

/** What a person reads at the end of a run. */
export function renderResult({ bundle, judged, bottleneck, verdict }: Outcome): string {
  const { plan, parts, record, ended } = bundle;
  const { counters } = record;
  const seconds = ranMs(bundle) / 1000;
  const lines = [
    shownLine(
      `${plan.name}: ${plan.server}, ${renderDuration(plan.durationMs)}, seed ${plan.seed}`,
    ),
    '',
    `  sessions   ${counters.arrivals} to begin${offered(plan.offered)}: ${counters.granted} granted ` +
      `(${perSecond(counters.granted, seconds)}), ${outcomes(counters)}`,
    `  late       ${counters.late}, dropped ${counters.dropped}, skipped ${counters.skipped}`,
    `  checkouts  ${counters.asked} asked, ${counters.grants} granted, ` +
      `${counters.denials} denied${codes(record.denialsByCode)}, ` +
      `${counters.errors} without answer${codes(record.errorsByCode)}`,
    `  given back ${counters.released} sessions: ${counters.checkins} checked in, ` +
      `${counters.deaths} by death, ${counters.losses} lost`,
  ];
  const others = counterNames.filter((name) => extra.has(name) && counters[name] > 0);
  if (parts.length > 1) lines.push(partsLine(parts));
  if (others.length > 0)
    lines.push(`  besides    ${others.map((name) => `${name} ${counters[name]}`).join(', ')}`);
  if (record.gapMs > 0) lines.push(`  gap        ${rounded(record.gapMs)} ms without a grant`);
  lines.push('', ...timesTable(bundle.record.timings));
  const healths = parts.map(({ health }) => health);
  const lag = Math.max(0, ...healths.map(({ lagP99Ms }) => lagP99Ms));
  const use = Math.max(0, ...healths.map(({ loopUse }) => loopUse));
  lines.push(
    '',
    `  generator  event loop busy ${Math.round(100 * use)} %, lag p99 ${lag} ms, processor ${cpuOf(healths)}`,
  );
  if (judged.length > 0) lines.push('', ...judged.map(judgedLine));
  if (ended !== undefined) lines.push('', `  ended early: ${ended}`);
  if (bottleneck !== undefined)
    lines.push(
      '',
      `  the generator was the bottleneck: ${bottleneck}; use more --workers or shards`,
    );
  lines.push('', `  ${verdictWords[verdict]}`);
  return `${lines.join('\n')}\n`;
}

/** Names come from files, and bundles from elsewhere: nothing in them steers a terminal. */
function shownLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}

const extra = new Set([
  'queued',
  'left',
  'regained',
  'drops',
  'connectErrors',
  'churned',
  'polls',
  'pollErrors',
  'cut',
]);

const verdictWords = {
  ok: 'ok',
  broken: 'a threshold is broken',
  inconclusive: 'inconclusive: this result does not say whether the server did well',
  unreachable: 'no vendor daemon decided anything',
  deadline: 'stopped at the deadline',
  interrupted: 'interrupted',
} as const;

function outcomes(counters: Outcome['bundle']['record']['counters']): string {
  const ways = (['denied', 'failed', 'abandoned'] as const).filter(
    (name) => name === 'denied' || counters[name] > 0,
  );
  const share = (value: number): string =>
    ((100 * value) / Math.max(counters.arrivals, 1)).toFixed(1);
  return ways.map((name) => `${counters[name]} ${name} (${share(counters[name])} %)`).join(', ');
}

function offered(rate: number | undefined): string {
  return rate === undefined ? '' : ` (${rounded(rate)}/s)`;
}

function perSecond(value: number, seconds: number): string {
  return `${rounded(value / seconds)}/s`;
}

/** ` (-4: 12)` */
function codes(counts: ReadonlyMap<number, number>): string {
  if (counts.size === 0) return '';
  const all = [...counts].sort(([, a], [, b]) => b - a).slice(0, 4);
  return ` (${all.map(([code, times]) => `${code}: ${times}`).join(', ')})`;
}

function timesTable(timings: Outcome['bundle']['record']['timings']): readonly string[] {
  const names = timingNames.filter((name) => timings[name].total > 0);
  const head = ['ms', ...quantiles.map(([name]) => name), 'max', 'count'];
  const rows = names.map((name: Timing) => {
    const histogram = timings[name];
    const times = quantiles.map(([, share]) => histogram.quantileMs(share) ?? 0);
    return [name, ...[...times, histogram.maxMs ?? 0].map(fixed), String(histogram.total)];
  });
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')}`;
  return [head, ...rows].map(line);
}

function fixed(ms: number): string {
  return ms.toFixed(ms < 100 ? 3 : 1);
}

/** Parts on several machines are one load only if they ran at the same time. */
function partsLine(parts: readonly Part[]): string {
  const seconds = rounded(startSpreadMs(parts) / 1000);
  const isKnown = parts.every(({ serverAheadMs }) => serverAheadMs !== undefined);
  const whose = isKnown ? "the server's clock" : 'their clocks';
  return `  parts      ${parts.length}, begun within ${seconds} s of each other by ${whose}`;
}

function judgedLine(judged: Judged): string {
  const { threshold, value, verdict } = judged;
  const mark = { kept: 'ok  ', broken: 'FAIL', inconclusive: '?   ' }[verdict];
  const shown = measuredText(judged) ?? 'nothing measured';
  const why = verdict === 'inconclusive' && value !== undefined ? ', not to be relied on' : '';
  return `  ${mark} ${threshold.text}: ${shown}${why}`;
}
