import { KnownError } from '../base/errors.ts';
import { sameName } from '../base/names.ts';
import type { Refusal } from '../base/refusal.ts';
import {
  type AdminManager,
  type AdminWords,
  command,
  openAdmin,
} from '../client/administration.ts';
import type { Dialogue } from '../client/context.ts';
import { isRefused, type Refused, refused } from '../client/refused.ts';
import { isRefusal } from '../client/status-source.ts';
import { renderToolResult } from '../text/lmutil-verbs.ts';
import { serversOf } from './admin.ts';
import type { FlagTable } from './flags.ts';
import { askOptions, licensePath } from './sources.ts';
import { type Call, subcommand } from './subcommand.ts';

/** Source: LAG, "lmswitch"; what -rollover means is inferred. */
const switchFlags = {
  rollover: { takes: 'nothing', summary: 'AUTO_ROLLOVER of the options goes on in the new file' },
} as const satisfies FlagTable;

/** What a daemon is to do with a log. */
interface LogOrder {
  readonly tool: 'lmnewlog' | 'lmswitch' | 'lmswitchr';
  readonly verb: string;
  /** Daemons may be named by a feature of theirs. */
  readonly byFeature: boolean;
}

const debugSwitch = { tool: 'lmswitch', verb: 'switchDebugLog', byFeature: false } as const;
const reportSwitch = { tool: 'lmswitchr', verb: 'switchReportLog', byFeature: true } as const;
const reportMove = { tool: 'lmnewlog', verb: 'moveReportLog', byFeature: true } as const;

export const lmswitch = subcommand({
  name: debugSwitch.tool,
  operands: ['vendor newfile'],
  flags: switchFlags,
  run: ({ c, rollover }, operands, call) =>
    orderLog(debugSwitch, operands, { c, rollover: rollover ? '1' : undefined }, call),
});

export const lmswitchr = subcommand({
  name: reportSwitch.tool,
  operands: ['vendor|feature newfile'],
  flags: {},
  run: ({ c }, operands, call) => orderLog(reportSwitch, operands, { c }, call),
});

export const lmnewlog = subcommand({
  name: reportMove.tool,
  operands: ['vendor|feature newfile'],
  flags: {},
  run: ({ c }, operands, call) => orderLog(reportMove, operands, { c }, call),
});

async function orderLog(
  order: LogOrder,
  operands: readonly string[],
  given: { readonly c?: string | undefined; readonly rollover?: string | undefined },
  { io, program }: Call,
): Promise<Refusal | undefined> {
  const [name, path] = operands;
  const who = order.byFeature ? 'a vendor or feature' : 'a vendor';
  if (name === undefined || path === undefined || operands.length > 2) {
    const text = `expected ${who} and a new file, got ${operands.length} words`;
    throw new KnownError('USAGE', text);
  }
  const words = { name, path, rollover: given.rollover };
  const servers = await serversOf(licensePath(io, given.c));
  const failed = isRefusal(servers)
    ? refused('client', servers)
    : await orderFirst(servers.flat(), order, words, askOptions(io));
  const { refusal, explanation } = failed ?? {};
  await io.print(renderToolResult(program, order.tool, refusal, explanation));
  return refusal;
}

/** Codes with which the next server, or the next daemon, is asked: it is not there, or not the one. */
const notHere: readonly number[] = [-5, -15, -96, -97];

/** Asks one server after the other, until one has the daemon. */
async function orderFirst(
  addresses: readonly Parameters<typeof openAdmin>[0][],
  order: LogOrder,
  words: AdminWords & { readonly name: string },
  dialogue: Dialogue,
): Promise<Refused | undefined> {
  let first: Refused | undefined;
  for (const address of addresses) {
    const manager = await openAdmin(address, dialogue);
    const no = isRefusal(manager)
      ? refused('client', manager)
      : await orderDaemon(manager, order, words, dialogue);
    if (!isRefusal(manager)) manager.line.close();
    if (no === undefined || !notHere.includes(no.refusal.major)) return no;
    first ??= no;
  }
  return first;
}

/** The daemon of that name; else, if a feature will do, whichever knows it. */
async function orderDaemon(
  { line, facts }: AdminManager,
  { verb, byFeature }: LogOrder,
  words: AdminWords & { readonly name: string },
  dialogue: Dialogue,
): Promise<Refused | undefined> {
  const named = facts.vendors.filter(({ name }) => sameName(name, words.name));
  const asked = named.length > 0 ? named : byFeature ? facts.vendors : [];
  let last = refused('client', byFeature ? noSuchFeature : noSuchVendor);
  for (const { name, down } of asked) {
    const daemon = down ? refused('client', down) : await line.daemon(name);
    if (isRefused(daemon)) {
      last = daemon;
      continue;
    }
    const no = await command(daemon, verb, words, dialogue);
    daemon.connection.close();
    if (no === undefined || !notHere.includes(no.refusal.major)) return no;
    last = no;
  }
  return last;
}

const noSuchFeature: Refusal = { major: -5, minor: 222 };
const noSuchVendor: Refusal = { major: -97, minor: 121 };
