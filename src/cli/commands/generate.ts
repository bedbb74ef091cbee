import { closeSync, openSync, writeSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { parseDuration, parseTime } from '../../base/time-words.ts';
import { systemReason } from '../../files/system-reasons.ts';
import { type CalendarName, calendars } from '../../plan/generate/calendar.ts';
import { generatedLog } from '../../plan/generate/generate.ts';
import { withExamples } from '../examples.ts';
import { wholeNumber } from '../flag-values.ts';

interface GenerateArguments {
  readonly output: string;
  readonly calendar: CalendarName;
  readonly feature: string;
  readonly daemon: string;
  readonly seats: string;
  readonly users: string;
  readonly perHour: string;
  readonly hold: string;
  readonly start: string;
  readonly days: string;
  readonly restarts: string;
  readonly seed: string;
}

/** `fauxlm generate -o FILE`: a debug log to show and to test with. */
export const generateCommand: CommandModule<object, GenerateArguments> = {
  command: 'generate',
  describe: 'write a believable debug log, for demonstrations and tests of monitors',
  builder: build as never,
  handler: (args) => {
    const name = (flag: string, text: string): string => {
      if (/^[A-Za-z0-9_.-]{1,60}$/.test(text)) return text;
      throw new KnownError('USAGE', `${flag}: expected letters, digits, _ . -, got "${text}"`);
    };
    const pieces = generatedLog({
      calendar: args.calendar,
      feature: name('--feature', args.feature),
      daemon: name('--daemon', args.daemon),
      host: 'alpha',
      seats: wholeNumber('--seats', args.seats, 1, 100_000),
      users: wholeNumber('--users', args.users, 1, 100_000),
      perHour: wholeNumber('--per-hour', args.perHour, 1, 100_000),
      holdMs: parseDuration(args.hold, '--hold'),
      start: Math.floor(parseTime(args.start, '--start') / 1000) * 1000,
      days: wholeNumber('--days', args.days, 1, 3_660),
      restarts: wholeNumber('--restarts', args.restarts, 0, 1_000),
      seed: args.seed,
    });
    write(args.output, pieces);
  },
};

function write(path: string, pieces: Iterable<string>): void {
  try {
    const file = openSync(path, 'w');
    try {
      for (const piece of pieces) writeSync(file, piece);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause) || cause instanceof KnownError) throw cause;
    const text = `${path}: expected a file to write to, got: ${systemReason(cause)}`;
    throw new KnownError('FILE_UNREADABLE', text, { path }, { cause });
  }
}

function build(yargs: Argv) {
  const text = { type: 'string' } as const;
  return withExamples(yargs, [
    ['generate -o debug.log', 'a year of a company, busy at the end of quarters'],
    ['generate -o uni.log --calendar academic --seats 20', 'lectures, holidays, many denials'],
  ]).options({
    output: { ...text, alias: 'o', demandOption: true, describe: 'the file to write' },
    calendar: {
      choices: Object.keys(calendars) as CalendarName[],
      default: 'quarter' as const,
      describe: 'when it is busy',
    },
    feature: { ...text, default: 'solve', describe: 'the feature' },
    daemon: { ...text, default: 'acmed', describe: 'its vendor daemon' },
    seats: { ...text, default: '40', describe: 'seats that there are' },
    users: { ...text, default: '120', describe: 'users; few have most sessions' },
    'per-hour': { ...text, default: '25', describe: 'sessions of a usual working hour' },
    hold: { ...text, default: '45m', describe: 'half of the sessions are shorter' },
    start: { ...text, default: '2026-01-01', describe: 'the first day' },
    days: { ...text, default: '365', describe: 'days' },
    restarts: { ...text, default: '2', describe: 'times that the daemon dies' },
    seed: { ...text, default: '1', describe: 'what every random choice comes from' },
  });
}
