import type { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { systemClock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Notice } from '../daemon/server-config.ts';
import { LineSink } from './line-sink.ts';
import { RepeatedNotices } from './repeated-notices.ts';

/** Most talkative first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** @throws KnownError USAGE for a level that is none; `where` says what was read */
export function logLevelOf(text: string, where: string): LogLevel {
  const level = logLevels.find((each) => each === text.toLowerCase());
  if (level !== undefined) return level;
  const meant = didYouMean(text, logLevels);
  throw new KnownError(
    'USAGE',
    `${where}: expected ${logLevels.join(', ')}, got "${text}"${meant}`,
  );
}

/** What the server says of itself, as it is told; what clients did is in the debug log. */
export interface OperationalLog {
  readonly notice: Notice;
  /** Writes what is left; false when nobody takes it. */
  close(): Promise<boolean>;
}

/**
 * The operational log, on standard error unless told: JSON for machines, readable on a terminal (NO_COLOR is
 * respected). Nothing waits for its reader.
 */
export async function openOperationalLog(
  level: LogLevel,
  { env = process.env, stream = process.stderr as Writable & { isTTY?: boolean } } = {},
): Promise<OperationalLog> {
  const sink = new LineSink(stream, (lines) => {
    logger.warn({ lines }, 'log lines dropped: their reader was too slow');
  });
  const render = stream.isTTY ? await prettyLines(env) : (line: string) => line;
  const logger: Logger = pino({ level }, { write: (line: string) => sink.write(render(line)) });
  const repeated = new RepeatedNotices((what, details, told = 'warn') => {
    logger[told](plain(details), what);
  }, systemClock);
  return {
    notice: repeated.notice,
    close() {
      repeated.close();
      return sink.settled();
    },
  };
}

async function prettyLines(env: NodeJS.ProcessEnv): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty');
  return prettyFactory({ colorize: !env['NO_COLOR'], ignore: 'hostname,pid', singleLine: true });
}

/** Errors as their message: a stack trace tells a user nothing. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    value instanceof Error ? value.message : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}
