import { renderDuration } from '../../base/time-words.ts';
import { escaped } from '../../text/markup.ts';
import type { FeaturePlan } from '../plan-model.ts';
import { percent } from '../plan-model.ts';
import type { SampledSource } from '../samples/sampled-source.ts';
import type { PageGround } from './plan-page.ts';

/** A table whose cells are HTML already; columns of `numbers` are set right. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string {
  const style = (column: number): string => (numbers.includes(column) ? ' class="number"' : '');
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell, column) => `<${tag}${style(column)}>${cell}</${tag}>`).join('')}</tr>`;
  const body = rows.map((row) => line('td', row)).join('');
  return `<div class="wide"><table><thead>${line('th', head)}</thead><tbody>${body}</tbody></table></div>`;
}

const USERS_SHOWN = 10;

/** Who holds most, with what share of all seat hours. */
export function topUsers({ trace: { sessions } }: FeaturePlan, { read }: PageGround): string {
  const hours = new Map<string, { hours: number; sessions: number }>();
  let all = 0;
  for (let row = 0; row < sessions.size; row++) {
    const since = sessions.since.at(row);
    const from = Number.isNaN(since) ? read.begin : since;
    const held = (Math.max(0, sessions.until.at(row) - from) * sessions.count.at(row)) / 3_600_000;
    const { user } = read.names.client(sessions.client.at(row));
    const sum = hours.get(user) ?? { hours: 0, sessions: 0 };
    hours.set(user, { hours: sum.hours + held, sessions: sum.sessions + 1 });
    all += held;
  }
  const top = [...hours].sort((a, b) => b[1].hours - a[1].hours).slice(0, USERS_SHOWN);
  const most = top[0]?.[1].hours ?? 1;
  const rows = top.map(([user, sum]) => [
    `${escaped(user)}<span class="size" style="width:${Math.round((100 * sum.hours) / Math.max(most, 1e-9))}%"></span>`,
    ...[sum.hours.toFixed(0), percent(all === 0 ? 0 : sum.hours / all), `${sum.sessions}`],
  ]);
  const rest = hours.size > top.length ? `<p class="dim">of ${hours.size} users</p>` : '';
  return `${tableOf(['user', 'seat hours', 'of all', 'sessions'], rows, [1, 2, 3])}${rest}`;
}

/** The estimators side by side. */
export function estimatorTable({ answer, estimates, deny, source }: FeaturePlan): string {
  if (estimates === undefined || answer === undefined) return '';
  const { stationary, offeredLoad, erlangC, kaufmanRoberts, classes } = estimates;
  const rows = [
    [`<b>Replay of ${source.it}</b> through the license rules`, `<b>${answer.seats}</b>`],
    ['Erlang B hour by hour, at the volume of the worst week', `${offeredLoad}`],
    [
      `Erlang B at the mean load of the worst week (${stationary.load.toFixed(1)} seats)`,
      `${stationary.erlangB}`,
    ],
    ['Engset: the same for as many users as there are', `${stationary.engset}`],
    [`Erlang C: at most ${percent(deny)} wait instead of being denied`, `${erlangC}`],
    ...(kaufmanRoberts === undefined
      ? []
      : [['Kaufman-Roberts: starts that take several seats at once', `${kaufmanRoberts}`]]),
    ...(classes ?? []).map(({ count, share }) => [
      `... of which those that take ${count}`,
      `${percent(share)} denied`,
    ]),
  ];
  return tableOf(['way to estimate', 'seats'], rows, [1]);
}

interface LogQuality {
  readonly path?: string;
  readonly lines?: number;
  readonly understood?: number;
  readonly ignored?: number;
  readonly notUnderstood?: number;
}

interface Quality extends LogQuality {
  readonly logs?: readonly (LogQuality & Quality)[];
  readonly gaps?: readonly { readonly from: string; readonly to: string }[];
  readonly clockJumps?: readonly unknown[];
  readonly daemonStarts?: number;
  readonly unmatched?: { readonly checkins?: number };
  readonly openAtEnd?: number;
}

const LOGS_SHOWN = 50;
const GAPS_SHOWN = 10;

/** How good the sources are: what to know before believing what is told from them. */
export function qualityPart(quality: object, samples?: SampledSource): string {
  const all = quality as Quality;
  const logs = all.logs ?? [];
  const rows = logs
    .slice(0, LOGS_SHOWN)
    .map((log) => [
      escaped(log.path ?? ''),
      ...[log.lines, log.understood, log.ignored, log.notUnderstood].map(
        (count) => `${count ?? ''}`,
      ),
    ]);
  // A store has the facts log by log, logs that are read have them once.
  const parts = [all, ...logs];
  const sum = (of: (part: Quality) => number | undefined): number =>
    parts.reduce((total, part) => total + (of(part) ?? 0), 0);
  const gaps = parts.flatMap((part) => part.gaps ?? []);
  const open = `${sum((part) => part.openAtEnd)} checkouts still out at the end`;
  const facts =
    samples === undefined
      ? [
          `${sum((part) => part.daemonStarts)} starts of daemons`,
          `${gaps.length} gaps of more than six hours without a line`,
          `${sum((part) => part.clockJumps?.length)} jumps of the clock`,
          `${sum((part) => part.unmatched?.checkins)} check-ins without a checkout`,
          open,
        ]
      : [...samplingFacts(samples, gaps.length), open];
  const shown = gaps.slice(0, GAPS_SHOWN).map(({ from, to }) => `${from} to ${to}`);
  const list = [...facts, ...shown].map((fact) => `<li>${escaped(fact)}</li>`).join('');
  const what = samples === undefined ? 'log' : 'file';
  const head = [what, 'lines', 'understood', 'ignored by rule', 'not understood'];
  const more =
    logs.length > LOGS_SHOWN ? `<p>and ${logs.length - LOGS_SHOWN} more ${what}s</p>` : '';
  const table = `<div class="sources">${tableOf(head, rows, [1, 2, 3, 4])}</div>`;
  return `${table}${more}<ul>${list}</ul>`;
}

/** How samples were taken; nothing of a table of sessions. */
function samplingFacts({ sampling }: SampledSource, gaps: number): readonly string[] {
  if (sampling === undefined) return [];
  const [every, longest] = [sampling.everyMs, sampling.longestMs].map(renderDuration);
  return [
    `${sampling.polls} samples, every ${every}, at longest ${longest}`,
    `${gaps} gaps between samples`,
    `${sampling.failures} without an answer`,
  ];
}
