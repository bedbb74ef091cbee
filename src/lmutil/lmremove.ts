import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import type { ServerAddress } from '../client/license-path.ts';
import { type AskOptions, isRefusal } from '../client/status-source.ts';
import { renderRemoveResult } from '../text/lmutil-verbs.ts';
import { type AdminManager, type AdminWords, command, openAdmin, serversOf } from './admin.ts';
import type { FlagTable } from './flags.ts';
import type { LmutilIo } from './io.ts';
import { askOptions, licensePath } from './sources.ts';
import { subcommand } from './subcommand.ts';

/** Source: LAG, "lmremove". */
const flags = {
  h: { takes: 'nothing', summary: 'name one license by the numbers lmstat prints' },
} as const satisfies FlagTable;

interface Removal {
  readonly verb: 'remove' | 'removeClient';
  readonly words: AdminWords;
  /** Where to ask first. */
  readonly server?: ServerAddress;
}

export const lmremove = subcommand({
  name: 'lmremove',
  operands: ['feature user user_host display', '-h feature server_host port handle'],
  flags,
  async run(given, operands, { io, program }) {
    const removal = given.h ? byHandle(operands) : byClient(operands);
    const servers = await serversFor(removal, given.c, io);
    const refusal = isRefusal(servers) ? servers : await removeAt(servers, removal, askOptions(io));
    await io.print(renderRemoveResult(program, refusal));
    return refusal;
  },
});

/** A client that sent no display has none to name. */
function byClient(operands: readonly string[]): Removal {
  const [feature, user, host, display = ''] = operands;
  if (feature === undefined || user === undefined || host === undefined || operands.length > 4) {
    const got = `${operands.length} words`;
    throw new KnownError('USAGE', `expected feature, user, user_host and display, got ${got}`);
  }
  return { verb: 'removeClient', words: { feature, user, host, display } };
}

/** The port may be written `27000@host`, as some programs do. */
function byHandle(operands: readonly string[]): Removal {
  const [feature, host, port = '', handle] = operands;
  const number = /^(\d{1,5})(@.*)?$/.exec(port)?.[1];
  if (feature === undefined || host === undefined || handle === undefined || operands.length > 4) {
    const got = `${operands.length} words`;
    throw new KnownError('USAGE', `expected feature, server_host, port and handle, got ${got}`);
  }
  if (number === undefined) throw new KnownError('USAGE', `port: expected a number, got ${port}`);
  const server = { host, ports: [Number(number)] };
  return { verb: 'remove', words: { feature, handle }, server };
}

/**
 * The server that -h names, then those of the path if one was given: a server may call itself by a name that
 * is not known here.
 */
async function serversFor(
  { server }: Removal,
  explicit: string | undefined,
  io: LmutilIo,
): Promise<readonly ServerAddress[] | Refusal> {
  if (server && explicit === undefined) return [server];
  const servers = await serversOf(licensePath(io, explicit));
  if (isRefusal(servers)) return server ? [server] : servers;
  return server ? [server, ...servers.flat()] : servers.flat();
}

const noSuchFeature: Refusal = { major: -5, minor: 222 };

/** Asks one daemon after the other until one knows the feature; undefined when it has freed the license. */
async function removeAt(
  servers: readonly ServerAddress[],
  removal: Removal,
  options: AskOptions,
): Promise<Refusal | undefined> {
  let failed: Refusal | undefined;
  for (const address of servers) {
    const manager = await openAdmin(address, options);
    const refusal = isRefusal(manager) ? manager : await removeFrom(manager, removal, options);
    if (!isRefusal(manager)) manager.line.close();
    if (refusal === undefined) return undefined;
    // What a daemon says that knows the feature counts for more than that others don't.
    if (failed === undefined || failed.major === noSuchFeature.major) failed = refusal;
    if (!isRefusal(manager) && refusal.major !== noSuchFeature.major) return refusal;
  }
  return failed;
}

async function removeFrom(
  { line, facts }: AdminManager,
  { verb, words }: Removal,
  options: AskOptions,
): Promise<Refusal | undefined> {
  let failed: Refusal = noSuchFeature;
  for (const { name, down } of facts.vendors) {
    if (down) {
      failed = down;
      continue;
    }
    const daemon = await line.daemon(name);
    if (isRefusal(daemon)) {
      failed = daemon;
      continue;
    }
    const refusal = await command(daemon, verb, words, options);
    daemon.connection.close();
    if (refusal === undefined || refusal.major !== noSuchFeature.major) return refusal;
  }
  return failed;
}
