import { homedir } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { SearchedLicense } from '../../client/candidates.ts';
import { type Grant, requestCheckout } from '../../client/checkout.ts';
import { openClientLog } from '../../client/client-log.ts';
import { type ClientContext, clientContext, connectTimeoutOf } from '../../client/context.ts';
import { HeldCheckout, type HeldEvent } from '../../client/held-checkout.ts';
import { localIdentity } from '../../client/identity.ts';
import type { PathElement } from '../../client/license-path.ts';
import { exitOfRefusal } from '../../client/refused.ts';
import { diagnosticsLevel, renderDenied, renderDiagnostics } from '../../client/reports.ts';
import { type Environment, searchPath } from '../../client/search-path.ts';
import { type CheckoutArguments, wantedOf } from '../checkout-arguments.ts';
import { deniedAsJson, eventText, grantAsJson, grantText } from '../checkout-outcome.ts';
import { exitStatus } from '../exit.ts';
import { exitStatusOf, nextSignal, runWrapped, type SignalSource } from '../wrapped-command.ts';

/** What the command touches of the world, so that a test can stand in for it. */
export interface CheckoutIo {
  readonly env: Environment;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly signals: SignalSource;
  readonly terminal: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Waits between attempts to get a lost license back; see RETRY_DELAYS_MS. */
  readonly retryDelaysMs?: readonly number[];
}

function build(yargs: Argv): Argv<CheckoutArguments> {
  return yargs
    .positional('feature', { type: 'string', demandOption: true, describe: 'what to check out' })
    .options({
      n: {
        alias: 'count',
        type: 'number',
        default: 1,
        requiresArg: true,
        describe: 'licenses to take',
      },
      V: {
        alias: 'feature-version',
        type: 'string',
        default: '0.0',
        requiresArg: true,
        describe: 'version that must be licensed',
      },
      c: {
        alias: 'license-path',
        type: 'string',
        requiresArg: true,
        describe: 'port@host, files or directories, instead of the environment',
      },
      vendor: word('vendor daemon [those of the server that have the feature, in its order]'),
      user: word('user to check out as [the one of this process]'),
      host: word('host to check out as [this machine]'),
      display: word('display to check out as [this terminal]'),
      node: word('node or CPU of a parallel build that takes the seats'),
      'remote-desktop': {
        type: 'boolean',
        describe: 'say that this is a remote-desktop session [what SESSIONNAME says]',
      },
      json: {
        type: 'boolean',
        default: false,
        describe: 'tell the outcome as one line of JSON on standard output',
      },
    })
    .example('$0 checkout FLUENT -- ./solve.sh', 'hold a seat while it runs')
    .example('$0 checkout FLUENT -n 4', 'hold four until Ctrl-C')
    .epilogue(epilogue) as unknown as Argv<CheckoutArguments>;
}

/** A flag with a text behind it. */
function word(describe: string) {
  return { type: 'string', requiresArg: true, describe } as const;
}

const epilogue = [
  'Holds the seats while the command behind -- runs and passes on its exit status; without one,',
  'until Ctrl-C. Exit status 6: denied; 3: no license server or vendor daemon there.',
  'If the server goes away the command goes on, and the seats are asked for again.',
  'Killed by SIGKILL, fauxlm loses the seats at once, but its command may live on.\n',
  'Environment: VENDOR_LICENSE_FILE, LM_LICENSE_FILE, LM_PROJECT, FLEXLM_DIAGNOSTICS (1 to 3),',
  'FLEXLM_TIMEOUT (microseconds), VENDOR_LMD_DEBUG (file for the client debug log).',
]
  .join(' ')
  .replaceAll('\n ', '\n');

/** `fauxlm checkout`: holds seats of a feature while a command runs. */
export const checkoutCommand: CommandModule<object, CheckoutArguments> = {
  command: 'checkout <feature>',
  describe: 'hold seats of a feature while a command runs',
  builder: build as never,
  handler: async (argv) => {
    // Of a `--` with nothing behind it, yargs says nothing.
    const words = process.argv.at(-1) === '--' ? [] : argv['--'];
    process.exitCode = await runCheckout({ ...argv, '--': words }, processIo());
  },
};

function processIo(): CheckoutIo {
  return {
    env: process.env,
    home: homedir(),
    platform: process.platform,
    clock: systemClock,
    signals: process,
    terminal: [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  };
}

/**
 * Checks out, holds, checks in; resolves with the exit status.
 * @throws KnownError USAGE for arguments or a license path that make no sense.
 */
export async function runCheckout(argv: CheckoutArguments, io: CheckoutIo): Promise<number> {
  const wanted = wantedOf(argv);
  const path = searchPath({
    ...(argv.c === undefined ? {} : { explicit: argv.c }),
    ...(argv.vendor === undefined ? {} : { vendor: argv.vendor }),
    env: io.env,
    home: io.home,
    platform: io.platform,
  });
  const context = contextOf(argv, io);
  const outcome = await requestCheckout(wanted, path, context);
  const asked = { wanted, path, platform: io.platform };
  io.err(renderDiagnostics(diagnosticsLevel(io.env['FLEXLM_DIAGNOSTICS']), outcome, asked));
  if (!outcome.ok) {
    if (argv.json) io.out(`${JSON.stringify(deniedAsJson(wanted, outcome))}\n`);
    io.err(renderDenied(outcome, asked));
    return exitOfRefusal(outcome.reported);
  }
  return hold(outcome, { argv, io, wanted, path, context });
}

interface Held {
  readonly argv: CheckoutArguments;
  readonly io: CheckoutIo;
  readonly wanted: SearchedLicense;
  readonly path: readonly PathElement[];
  readonly context: ClientContext;
}

async function hold(grant: Grant, { argv, io, wanted, path, context }: Held): Promise<number> {
  const words = (argv['--'] ?? []).map(String);
  let giveUp = (): void => {};
  const gaveUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const onEvent = (event: HeldEvent): void => {
    io.err(`fauxlm: ${wanted.feature}: ${eventText(event, wanted)}\n`);
    if (event.kind === 'gaveUp') giveUp();
  };
  const { retryDelaysMs } = io;
  const delays = retryDelaysMs === undefined ? {} : { retryDelaysMs };
  const held = new HeldCheckout(grant, { wanted, path, context, onEvent, ...delays });
  try {
    // Told once we listen, as who reads it may send a signal at once, and before a command can say anything.
    const tell = (): void => {
      if (argv.json) io.out(`${JSON.stringify(grantAsJson(wanted, grant, context.identity))}\n`);
      if (words.length > 0) return;
      const text = `${grantText(wanted, grant)}\n`;
      if (argv.json) io.err(text);
      else io.out(text);
    };
    return words.length > 0
      ? await runWrapped(words, { ...io, starting: tell })
      : await holdUntilSignal(io, gaveUp, tell);
  } finally {
    await held.release();
  }
}

/** Ctrl-C is how a seat held for its own sake is meant to end; it says so all the same. */
async function holdUntilSignal(
  io: CheckoutIo,
  gaveUp: Promise<void>,
  tell: () => void,
): Promise<number> {
  const next = nextSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], io.signals, gaveUp);
  tell();
  const signal = await next;
  return signal === undefined ? exitStatus.environment : exitStatusOf(signal);
}

function contextOf(argv: CheckoutArguments, io: CheckoutIo): ClientContext {
  const { user, host, display, node, vendor } = argv;
  const remoteDesktop = argv['remote-desktop'];
  const identity = localIdentity(io.env, {
    ...(user === undefined ? {} : { user }),
    ...(host === undefined ? {} : { host }),
    ...(display === undefined ? {} : { display }),
    ...(node === undefined ? {} : { node: String(node) }),
    ...(remoteDesktop === undefined ? {} : { remoteDesktop }),
  });
  const log = openClientLog({
    ...(vendor === undefined ? {} : { vendor }),
    env: io.env,
    clock: io.clock,
    pid: identity.pid,
    complain: (text) => io.err(`fauxlm: ${text}\n`),
  });
  const connectTimeoutMs = connectTimeoutOf(io.env['FLEXLM_TIMEOUT']);
  const timeouts = connectTimeoutMs === undefined ? {} : { connectTimeoutMs };
  return clientContext({ identity, log, clock: io.clock, ...timeouts });
}
