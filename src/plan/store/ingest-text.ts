import { renderDuration } from '../../base/time-words.ts';
import type { Sampling } from '../samples/sample-history.ts';
import type { Ingested, IngestedLog } from './ingest.ts';

/** What a person reads when logs have been ingested: a paragraph a log. */
export function ingestedText({ folder, site, logs, openSessions }: Ingested): string {
  const blocks = logs.map(logText);
  return `${blocks.join('')}${folder}, site ${site}: ${openSessions} sessions are still out\n`;
}

function logText({ path, state, rows, quality }: IngestedLog): string {
  if (state === 'unchanged') return `${path}: is in it already\n`;
  const facts = quality as Readonly<Record<string, unknown>>;
  const lines = [
    `${path}: ${facts['lines']} lines, ${facts['understood']} understood, ${facts['ignored']} ignored by rule, ` +
      `${facts['notUnderstood']} not understood`,
    `  ${rows.events} events, ${rows.sessions} sessions, ${rows.steps} steps`,
  ];
  lines.push(...samplingLines(facts));
  const strange = (facts['strangeLines'] ?? []) as readonly { line: number; text: string }[];
  for (const { line, text } of strange.slice(0, LINES_SHOWN))
    lines.push(`  ${path}:${line}: ${text}`);
  if (strange.length > LINES_SHOWN)
    lines.push(`  ... and ${strange.length - LINES_SHOWN} more: see --json`);
  return lines.map((line) => `${line}\n`).join('');
}

/** Of samples: how they were taken, and what of them was left out. */
function samplingLines(facts: Readonly<Record<string, unknown>>): readonly string[] {
  const sampling = facts['sampling'] as Sampling | undefined;
  const lines: string[] = [];
  if (sampling !== undefined) {
    const { polls, everyMs, longestMs, failures } = sampling;
    const [every, longest] = [everyMs, longestMs].map(renderDuration);
    lines.push(`  ${polls} samples, every ${every}, at longest ${longest}; no answer: ${failures}`);
  }
  const left = {
    passedOver: 'in it already',
    withoutTime: 'without a time',
    outOfOrder: 'out of order',
  };
  for (const [fact, words] of Object.entries(left)) {
    if (Number(facts[fact] ?? 0) > 0) lines.push(`  ${facts[fact]} passed over: ${words}`);
  }
  return lines;
}

const LINES_SHOWN = 5;
