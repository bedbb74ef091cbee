import { pino } from 'pino';
import type { Notice } from '../daemon/server-config.ts';

/**
 * The operational log, on standard error: JSON for machines, readable on a terminal. What clients did is in the
 * debug log; this one tells what happened to the server itself.
 * Level by FAUXLM_LOG_LEVEL (trace ... fatal, silent); NO_COLOR is respected.
 */
export async function newNotice(env: NodeJS.ProcessEnv): Promise<Notice> {
  const level = levels.has(env['FAUXLM_LOG_LEVEL'] ?? '') ? env['FAUXLM_LOG_LEVEL']! : 'info';
  const logger = process.stderr.isTTY
    ? pino({ level }, await prettyStream(env))
    : pino({ level }, pino.destination({ dest: 2, sync: true }));
  return (what, details) => logger.warn(plain(details), what);
}

const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);

async function prettyStream(env: NodeJS.ProcessEnv) {
  const { default: pretty } = await import('pino-pretty');
  return pretty({ destination: 2, sync: true, colorize: !env['NO_COLOR'], ignore: 'hostname,pid' });
}

/** Errors as their message: a stack trace tells a user nothing. A defect's is kept at level debug. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    value instanceof Error ? value.message : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}
