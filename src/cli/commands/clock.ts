import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { parseDuration, parseTime } from '../../base/time-words.ts';
import type { ClockAnswer } from '../../control/clock-answer.ts';
import { askControl, controlUrl } from '../../control/control-client.ts';
import { controlOptions } from '../control-options.ts';
import { withExamples } from '../examples.ts';

interface ClockArguments {
  readonly action: string;
  readonly value: string | undefined;
  readonly http: string | undefined;
  readonly json: boolean;
}

interface Action {
  /** What its value is; absent: it takes none. */
  readonly takes?: string;
  /** Looks at the value before anybody is asked. @throws KnownError USAGE */
  readonly check?: (value: string) => void;
  readonly ask: (url: URL, value: string) => Promise<unknown>;
}

/** What can be done with a clock, and the request it becomes. */
const actions: Readonly<Record<string, Action>> = {
  now: { ask: (url) => askControl(url, 'GET', '/clock') },
  advance: {
    takes: 'a duration such as 30d or 1h30m',
    check: (by) => void parseDuration(by, 'clock advance'),
    ask: (url, by) => askControl(url, 'POST', '/clock/advance', { by }),
  },
  set: {
    takes: 'a time such as 2030-01-07T09:00, or +1h30m from now',
    check: (to) => {
      if (to.startsWith('+')) parseDuration(to.slice(1), 'clock set');
      // Whatever its zone: the server reads it again.
      else parseTime(to, 'clock set', 'UTC');
    },
    ask: (url, to) => askControl(url, 'POST', '/clock/set', { to }),
  },
};

/** `fauxlm clock now|advance DURATION|set TIME`: reads and moves the clock of a running server. */
export const clockCommand: CommandModule<object, ClockArguments> = {
  command: 'clock <action> [value]',
  describe: 'read and move the clock of a server that was started with --clock and --http',
  builder: ((yargs: Argv) =>
    withExamples(yargs, [
      ['clock now', 'the time on the server'],
      ['clock advance 30d', 'a month later, step by step'],
      ['clock set 2030-02-28T23:59', 'a minute before licenses expire'],
    ])
      .positional('action', { choices: Object.keys(actions), describe: 'what to do' })
      .positional('value', { type: 'string', describe: 'DURATION of advance, TIME of set' })
      .options(controlOptions)
      .epilogue(
        'Durations: 90s 2m 21h 30d 1w, and 1h30m; a day is 24 hours. Times are ISO 8601, of the zone of the ' +
          'server unless they name one. The answer comes when all that falls due on the way has happened.',
      )) as never,
  handler: async ({ action, value, http, json }) => {
    const { takes, check, ask } = actions[action]!;
    if ((takes === undefined) !== (value === undefined)) {
      const got = value === undefined ? 'none' : `"${value}"`;
      const text = `clock ${action}: expected ${takes ?? 'no value'}, got ${got}`;
      throw new KnownError('USAGE', text);
    }
    if (value !== undefined) check?.(value);
    const answer = (await ask(controlUrl(http, process.env), value ?? '')) as ClockAnswer;
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${answer.now}\n`);
  },
};
