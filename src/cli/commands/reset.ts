import type { Argv, CommandModule } from 'yargs';
import { askControl, controlUrl } from '../../control/control-client.ts';
import { controlOptions } from '../control-options.ts';
import { withExamples } from '../examples.ts';

interface ResetArguments {
  readonly http: string | undefined;
  readonly json: boolean;
}

/** `fauxlm reset`: a running server as at its start, for the next test. */
export const resetCommand: CommandModule<object, ResetArguments> = {
  command: 'reset',
  describe:
    'bring a running server back to its start: no seats out, no clients, no faults, the clock where it began',
  builder: ((yargs: Argv) =>
    withExamples(yargs, [['reset', 'between two tests']])
      .options(controlOptions)
      .epilogue(
        'Ports, files and options in force stay; so does the debug log, which goes on.',
      )) as never,
  handler: async ({ http, json }) => {
    const answer = await askControl(controlUrl(http, process.env), 'POST', '/reset');
    process.stdout.write(json ? `${JSON.stringify(answer)}\n` : 'reset\n');
  },
};
