import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { renderDuration } from '../base/time-words.ts';
import { escaped } from '../text/markup.ts';
import { counterWords, timingNames, timingWords } from './counters.ts';
import type { Histogram } from './histogram.ts';
import { chartScript, pageStyle } from './page-parts.ts';
import { renderResult } from './result-table.ts';
import { rounded } from './rounding.ts';
import { type Outcome, timesOf } from './summary.ts';
import { measuredText } from './thresholds.ts';

/** Points of the curve of quantiles: each halves what lies above. */
const HALVINGS = 14;

/**
 * A page about a run: counts, times, charts. All of it is in the one file, uPlot included, and its policy forbids
 * the browser to ask anybody for anything.
 */
export function renderPage(outcome: Outcome): string {
  const { plan } = outcome.bundle;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(plan.name)}: load</title>`,
    `<style>${library('uPlot.min.css')}\n${pageStyle}</style></head><body>`,
    `<h1>${escaped(plan.name)} <span class="${outcome.verdict}">${outcome.verdict}</span></h1>`,
    `<p>${escaped(`${plan.server}, ${renderDuration(plan.durationMs)}, seed ${plan.seed}`)}</p>`,
    ...(outcome.bottleneck === undefined
      ? []
      : [
          `<p class="inconclusive">The generator was the bottleneck: ${escaped(outcome.bottleneck)}</p>`,
        ]),
    thresholdsTable(outcome),
    '<div id="charts"></div>',
    timesTable(outcome),
    countsTable(outcome),
    featuresTable(outcome),
    `<details><summary>As text</summary><pre>${escaped(renderResult(outcome))}</pre></details>`,
    `<script>${library('uPlot.iife.min.js')}</script>`,
    `<script type="application/json" id="series">${inScript(seriesOf(outcome))}</script>`,
    `<script>${chartScript}</script>`,
    '</body></html>',
    '',
  ].join('\n');
}

function library(name: string): string {
  const path = createRequire(import.meta.url).resolve(`uplot/dist/${name}`);
  return readFileSync(path, 'utf8').replaceAll('</script', '<\\/script');
}

/** JSON that cannot end the script element it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function seriesOf({ bundle: { record } }: Outcome): object {
  const { intervals, intervalMs, timings } = record;
  const seconds = intervalMs / 1000;
  const perSecond = (name: 'started' | 'granted' | 'denied' | 'failed' | 'released') =>
    intervals.map((interval) => rounded(interval[name] / seconds));
  const quantile = (share: number) =>
    intervals.map(({ response }) => {
      const ms = response.quantileMs(share);
      return ms === undefined ? null : rounded(ms);
    });
  return {
    at: intervals.map((_, index) => index * seconds),
    started: perSecond('started'),
    granted: perSecond('granted'),
    denied: perSecond('denied'),
    failed: perSecond('failed'),
    inUse: intervals.map(({ inUse }) => inUse),
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: quantile(1),
    halvings: Array.from({ length: HALVINGS + 1 }, (_, index) => index),
    response: curveOf(timings.response),
    service: curveOf(timings.service),
  };
}

/** Times below which all but a half, a quarter, an eighth ... lie. */
function curveOf(histogram: Histogram): readonly (number | null)[] {
  return Array.from({ length: HALVINGS + 1 }, (_, index) => {
    const isKnown = histogram.total >= 2 ** index;
    const ms = isKnown ? histogram.quantileMs(1 - 0.5 ** index) : undefined;
    return ms === undefined ? null : rounded(ms);
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  const lines = [line('th', head), ...rows.map((row) => line('td', row))];
  return `<div class="wide"><table>${lines.join('')}</table></div>`;
}

function thresholdsTable({ judged }: Outcome): string {
  const rows = judged.map((each) => [
    escaped(each.threshold.text),
    measuredText(each) ?? '-',
    `<span class="${each.verdict}">${each.verdict}</span>`,
  ]);
  return table(['threshold', 'measured', ''], rows);
}

function timesTable({ bundle: { record } }: Outcome): string {
  const rows = timingNames
    .filter((name) => record.timings[name].total > 0)
    .map((name) => {
      const times = Object.values(timesOf(record.timings[name]));
      return [`${name} <small>${escaped(timingWords[name])}</small>`, ...times.map(String)];
    });
  const head = ['milliseconds', 'count', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max', 'mean'];
  return table(head, rows);
}

function countsTable({ bundle: { record } }: Outcome): string {
  const rows = Object.entries(counterWords).map(([name, words]) => [
    `${name} <small>${escaped(words)}</small>`,
    `${record.counters[name as keyof typeof counterWords]}`,
  ]);
  return table(['count', ''], rows);
}

function featuresTable({ bundle: { record } }: Outcome): string {
  const rows = [...record.features].map(([name, { asked, grants, denials, errors }]) => [
    escaped(name),
    ...[asked, grants, denials, errors].map(String),
  ]);
  return table(['feature', 'asked', 'granted', 'denied', 'without answer'], rows);
}
