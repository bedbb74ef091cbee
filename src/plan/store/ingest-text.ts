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
  const strange = (facts['strangeLines'] ?? []) as readonly { line: number; text: string }[];
  for (const { line, text } of strange.slice(0, LINES_SHOWN))
    lines.push(`  ${path}:${line}: ${text}`);
  if (strange.length > LINES_SHOWN)
    lines.push(`  ... and ${strange.length - LINES_SHOWN} more: see --json`);
  return lines.map((line) => `${line}\n`).join('');
}

const LINES_SHOWN = 5;
