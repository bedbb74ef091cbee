import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { controlUrl } from '../../control/control-client.ts';
import { withExamples } from '../examples.ts';
import { clientWaits } from '../flag-values.ts';
import { colored, plain } from '../top/bars.ts';
import { HttpWatch } from '../top/http-watch.ts';
import { showLive } from '../top/live.ts';
import { renderScreen } from '../top/screen.ts';
import { firstView, type Sort, sortNames } from '../top/view.ts';
import type { Watch } from '../top/watched.ts';
import { WireWatch } from '../top/wire-watch.ts';

interface TopArguments {
  readonly server: string | undefined;
  readonly http: string | undefined;
  readonly once: boolean;
  readonly interval: number;
  readonly sort: Sort;
  readonly filter: string;
  readonly timeout: number;
  readonly json: boolean;
}

/** Columns of what is no terminal. */
const PLAIN_COLUMNS = 100;
/** Seconds between two looks. */
const INTERVAL = { min: 0.2, max: 3_600 };

/** `fauxlm top [SERVER]`: the live page in a terminal. */
export const topCommand: CommandModule<object, TopArguments> = {
  command: 'top [server]',
  describe: 'watch the seats of a server and who holds them, live in the terminal',
  builder: ((yargs: Argv) =>
    withExamples(
      yargs
        .positional('server', {
          type: 'string',
          describe: 'port@host, triad or license file [the environment]',
        })
        .options({
          http: {
            type: 'string',
            describe: 'a control plane to ask instead, HOST:PORT or URL; it tells of denials, too',
          },
          once: { type: 'boolean', default: false, describe: 'print one plain screen, and end' },
          interval: { type: 'number', default: 1, describe: 'seconds between two looks' },
          sort: { choices: sortNames, default: 'use', describe: 'order of the features' },
          filter: {
            type: 'string',
            default: '',
            describe: 'show only what has this text in a name',
          },
          timeout: { type: 'number', default: 5, describe: 'seconds to wait for an answer' },
          json: { type: 'boolean', default: false, describe: 'print all of it once, as JSON' },
        })
        .epilogue(
          'Bars: # out, b borrowed, r reserved, . free, ! waiting. What is no terminal gets one plain ' +
            'screen, as with --once.\n' +
            'A control plane with tokens is asked with the one in FAUXLM_HTTP_TOKEN.',
        ),
      [
        ['top 27000@localhost', 'a server, by what lmstat asks'],
        ['top --http 127.0.0.1:8080', 'and its denials, of a server with --http'],
        ['top 27000@localhost --once --filter ann', 'one screen of what ann has'],
      ],
    )) as never,
  handler: async (argv) => {
    process.exitCode = await runTop(argv);
  },
};

async function runTop(argv: TopArguments): Promise<number> {
  const { interval, json, filter, sort } = argv;
  const { min, max } = INTERVAL;
  if (!(interval >= min && interval <= max)) {
    const text = `--interval: expected ${min} to ${max} seconds, got ${interval}`;
    throw new KnownError('USAGE', text);
  }
  const watch = watchOf(argv);
  const first = await watch.read();
  const { stdin, stdout } = process;
  const isLive = stdin.isTTY && stdout.isTTY && !argv.once && !json;
  const view = { filter, sort };
  if (isLive) {
    const paint = process.env['NO_COLOR'] ? plain : colored;
    return showLive({ watch, first, intervalMs: interval * 1_000, view, paint });
  }
  const size = { columns: stdout.columns || PLAIN_COLUMNS, rows: Number.POSITIVE_INFINITY };
  const screen = { ...size, view: { ...firstView, ...view }, paint: plain, isLive: false };
  stdout.write(
    json ? `${JSON.stringify(first, null, 2)}\n` : `${renderScreen(first, screen).join('\n')}\n`,
  );
  return 0;
}

/** @throws KnownError USAGE for a server beside a control plane */
function watchOf({ server, http, timeout }: TopArguments): Watch {
  if (http === undefined) return new WireWatch(server, clientWaits(timeout, 600));
  if (server === undefined) return new HttpWatch(controlUrl(http, process.env));
  throw new KnownError('USAGE', `top: expected a server or --http, got both: "${server}"`);
}
