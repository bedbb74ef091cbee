import { homedir } from 'node:os';
import type { CommandModule } from 'yargs';
import { type Clock, systemClock } from '../../base/clock.ts';
import { checkoutOrBorrow, withBorrowWish } from '../../client/borrowed-checkout.ts';
import { BorrowedLicenses } from '../../client/borrowed-licenses.ts';
import type { SearchedLicense } from '../../client/candidates.ts';
import type { Grant } from '../../client/checkout.ts';
import { openClientLog } from '../../client/client-log.ts';
import { type ClientContext, clientContext, connectTimeoutOf } from '../../client/context.ts';
import { HeldCheckout, type HeldEvent } from '../../client/held-checkout.ts';
import { localIdentity } from '../../client/identity.ts';
import type { PathElement } from '../../client/license-path.ts';
import { exitOfRefusal } from '../../client/refused.ts';
import { diagnosticsLevel, renderDenied, renderDiagnostics } from '../../client/reports.ts';
import { type Environment, searchPath } from '../../client/search-path.ts';
import { type CheckoutArguments, wantedOf } from '../checkout-arguments.ts';
import { checkoutFlags } from '../checkout-flags.ts';
import { deniedAsJson, eventText, grantAsJson, grantText } from '../checkout-texts.ts';
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

/** `fauxlm checkout`: holds seats of a feature while a command runs. */
export const checkoutCommand: CommandModule<object, CheckoutArguments> = {
  command: 'checkout <feature>',
  describe: 'hold seats of a feature while a command runs',
  builder: checkoutFlags as never,
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
  const licenses = new BorrowedLicenses(io.home);
  const wanted = { ...wantedOf(argv), ...waitOf(argv, io) };
  const path = searchPath({
    ...(argv.c === undefined ? {} : { explicit: argv.c }),
    ...(argv.vendor === undefined ? {} : { vendor: argv.vendor }),
    env: io.env,
    home: io.home,
    platform: io.platform,
  });
  const context = contextOf(argv, io);
  const wish = { env: io.env, licenses, now: io.clock.now() };
  const all = withBorrowWish(wanted, wish);
  const outcome = await checkoutOrBorrow(all, path, context, licenses);
  const asked = { wanted, path, platform: io.platform };
  io.err(renderDiagnostics(diagnosticsLevel(io.env['FLEXLM_DIAGNOSTICS']), outcome, asked));
  if (!outcome.ok) {
    if (argv.json) io.out(`${JSON.stringify(deniedAsJson(wanted, outcome))}\n`);
    io.err(renderDenied(outcome, asked));
    return exitOfRefusal(outcome.reported);
  }
  return hold(outcome, { argv, io, wanted, path, context });
}

/** Told where it stands in the queue, for as long as it has not gone on. */
function waitOf({ wait, feature }: CheckoutArguments, io: CheckoutIo): Partial<SearchedLicense> {
  if (!wait) return {};
  return {
    wait: ({ ahead }) => io.err(`fauxlm: ${feature}: waits in the queue, ${ahead} before it\n`),
  };
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
    if (argv.idle) await grant.held?.session.use(false);
    // Told once we listen, as who reads it may send a signal at once, and before a command can say anything.
    const tell = (): void => {
      if (argv.json) io.out(`${JSON.stringify(grantAsJson(wanted, grant, context.identity))}\n`);
      if (words.length > 0) return;
      const text = `${grantText(wanted, grant)}\n`;
      if (argv.json) io.err(text);
      else io.out(text);
    };
    if (words.length > 0) return await runWrapped(words, { ...io, starting: tell });
    if (grant.borrowed === undefined) return await holdUntilSignal(io, gaveUp, tell);
    tell();
    return exitStatus.ok;
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
    user,
    host,
    display,
    remoteDesktop,
    node: node === undefined ? undefined : String(node),
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
