import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { askControl, controlUrl } from '../../control/control-client.ts';
import type { FaultAnswer, FaultListAnswer } from '../../control/fault-routes.ts';
import { faultNames, faultRow } from '../../daemon/faults/table.ts';
import { controlOptions } from '../control-options.ts';
import { withExamples } from '../examples.ts';
import { faultKinds, faultLines } from '../fault-texts.ts';

interface FaultArguments {
  readonly action: string;
  readonly words: readonly string[] | undefined;
  readonly http: string | undefined;
  readonly json: boolean;
}

interface Action {
  /** What the words are; absent: it takes none. */
  readonly takes?: string;
  readonly ask: (url: URL, words: readonly string[]) => Promise<FaultListAnswer>;
}

/** What can be done with the faults of a server, and the request it becomes. */
const actions: Readonly<Record<string, Action>> = {
  add: {
    takes: 'a fault such as: slow latency=200ms',
    async ask(url, words) {
      const fault = (await askControl(url, 'POST', '/faults', {
        fault: words.join(' '),
      })) as FaultAnswer;
      return { seed: '', faults: [fault] };
    },
  },
  list: { ask: async (url) => (await askControl(url, 'GET', '/faults')) as FaultListAnswer },
  clear: { takes: 'ids', ask: clear },
};

/** All, or those of the ids. */
async function clear(url: URL, ids: readonly string[]): Promise<FaultListAnswer> {
  if (ids.length === 0) return (await askControl(url, 'DELETE', '/faults', {})) as FaultListAnswer;
  const cleared: FaultAnswer[] = [];
  let seed = '';
  for (const id of ids) {
    const answer = (await askControl(url, 'DELETE', '/faults', { id })) as FaultListAnswer;
    seed = answer.seed;
    cleared.push(...answer.faults);
  }
  return { seed, faults: cleared };
}

const overview = faultNames.map((name) => `  ${name.padEnd(15)} ${faultRow(name).example}`);

/** `fauxlm fault add|list|clear|kinds`: what goes wrong in a running server. */
export const faultCommand: CommandModule<object, FaultArguments> = {
  command: 'fault <action> [words..]',
  describe: 'make things go wrong in a running server, list what does, and end it',
  builder: ((yargs: Argv) =>
    withExamples(yargs, [
      ['fault add slow latency=200ms user=ann', 'for one user, until it is cleared'],
      ['fault add down vendor=acmed for=10m', 'a vendor daemon is down for ten minutes'],
      ['fault list --json', 'with ids, and how often each has acted'],
      ['fault clear f1', 'one; without an id, all'],
      ['fault kinds', 'every fault with its words'],
    ])
      .positional('action', {
        choices: [...Object.keys(actions), 'kinds'],
        describe: 'what to do',
      })
      .positional('words', {
        type: 'string',
        array: true,
        describe: 'NAME word=value ... of add, ids of clear',
      })
      .options(controlOptions)
      .epilogue(`Faults, each with an example:\n${overview.join('\n')}`)) as never,
  handler: async ({ action, words = [], http, json }) => {
    if (action === 'kinds') return void process.stdout.write(faultKinds(words.map(String), json));
    const { takes, ask } = actions[action]!;
    const given = words.map(String);
    if ((takes === undefined) !== (given.length === 0) && action !== 'clear') {
      const got = given.length === 0 ? 'nothing' : `"${given.join(' ')}"`;
      const text = `fault ${action}: expected ${takes ?? 'nothing more'}, got ${got}`;
      throw new KnownError('USAGE', text);
    }
    const answer = await ask(controlUrl(http, process.env), given);
    for (const { remark } of action === 'add' ? answer.faults : [])
      if (remark !== undefined) process.stderr.write(`fauxlm fault add: ${remark}\n`);
    process.stdout.write(
      json
        ? `${JSON.stringify(action === 'add' ? answer.faults[0] : answer)}\n`
        : faultLines(answer.faults, action),
    );
  },
};
