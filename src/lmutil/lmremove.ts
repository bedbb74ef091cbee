import { KnownError } from '../base/errors.ts';
import { sameName } from '../base/names.ts';
import type { Refusal } from '../base/refusal.ts';
import { type AdminManager, openAdmin } from '../client/administration.ts';
import type { Dialogue } from '../client/context.ts';
import type { Endpoint, ServerAddress } from '../client/license-path.ts';
import {
  mayBeElsewhere,
  mostTelling,
  noSuchFeature,
  type Removal,
  removeFrom,
} from '../client/removal.ts';
import { isRefusal } from '../client/status-source.ts';
import { renderRemoveResult } from '../text/lmutil-verbs.ts';
import { serversOf } from './admin.ts';
import type { FlagTable } from './flags.ts';
import type { LmutilIo } from './io.ts';
import { askOptions, licensePath } from './sources.ts';
import { subcommand } from './subcommand.ts';

/** Source: LAG, "lmremove". */
const flags = {
  h: { takes: 'nothing', summary: 'name one license by the numbers lmstat prints' },
} as const satisfies FlagTable;

interface AskedRemoval extends Removal {
  /** Where to ask first. */
  readonly server?: Endpoint;
}

export const lmremove = subcommand({
  name: 'lmremove',
  operands: ['feature user user_host display', '-h feature server_host port handle'],
  flags,
  async run(given, operands, { io, program }) {
    const removal = given.h ? byHandle(operands) : byClient(operands);
    const places = await placesFor(removal, given.c, io);
    const refusal = isRefusal(places) ? places : await removeAt(places, removal, askOptions(io));
    await io.print(renderRemoveResult(program, refusal));
    return refusal;
  },
});

/** A client that sent no display has none to name. */
function byClient(operands: readonly string[]): AskedRemoval {
  const [feature, user, host, display = ''] = operands;
  if (feature === undefined || user === undefined || host === undefined || operands.length > 4) {
    const got = `${operands.length} words`;
    throw new KnownError('USAGE', `expected feature, user, user_host and display, got ${got}`);
  }
  return { verb: 'removeClient', words: { feature, user, host, display } };
}

/** The port may be written `27000@host`, as some programs do. */
function byHandle(operands: readonly string[]): AskedRemoval {
  const [feature, host, port = '', handle] = operands;
  const number = /^(\d{1,5})(@.*)?$/.exec(port)?.[1];
  if (feature === undefined || host === undefined || handle === undefined || operands.length > 4) {
    const got = `${operands.length} words`;
    throw new KnownError('USAGE', `expected feature, server_host, port and handle, got ${got}`);
  }
  if (number === undefined || Number(number) < 1 || Number(number) > 65_535) {
    throw new KnownError('USAGE', `port: expected a number from 1 to 65535, got ${port}`);
  }
  if (!/^\d{1,10}$/.test(handle)) {
    throw new KnownError('USAGE', `handle: expected a number, got ${handle}`);
  }
  const server = { host, port: Number(number) };
  return { verb: 'remove', words: { feature, handle }, server };
}

/** A manager to ask; `isIt` when it must turn out to be the server that -h names. */
interface Place {
  readonly address: ServerAddress;
  readonly isIt?: (manager: AdminManager) => boolean;
}

/**
 * The server that -h names, then those of the path: lmstat prints the name of the SERVER line, which need not
 * be known here. What the environment says is no more than a way there: the same handle of another server is
 * somebody else's license. This machine's own name may lead to an address where a server on it does not listen.
 */
async function placesFor(
  { server }: AskedRemoval,
  explicit: string | undefined,
  io: LmutilIo,
): Promise<readonly Place[] | Refusal> {
  const servers = await serversOf(licensePath(io, explicit));
  const onPath = isRefusal(servers) ? [] : servers.flat();
  if (!server) return isRefusal(servers) ? servers : onPath.map((address) => ({ address }));
  const { host, port } = server;
  const isHere = sameName(host, io.identity().host);
  const named = [...(isHere ? ['localhost'] : []), host].map((name) => {
    return { address: { host: name, ports: [port] } };
  });
  const isIt = ({ line, facts }: AdminManager): boolean =>
    line.endpoint.port === port && facts.servers.some((each) => sameName(each.host, host));
  const others = onPath.map((address) =>
    explicit === undefined ? { address, isIt } : { address },
  );
  return [...named, ...others];
}

/** Asks one server after the other until one has freed the license: undefined then. */
async function removeAt(
  places: readonly Place[],
  removal: Removal,
  dialogue: Dialogue,
): Promise<Refusal | undefined> {
  const failed: Refusal[] = [];
  for (const { address, isIt } of places) {
    const manager = await openAdmin(address, dialogue);
    if (isRefusal(manager)) {
      failed.push(manager);
      continue;
    }
    const refusal =
      isIt && !isIt(manager) ? noSuchFeature : await removeFrom(manager, removal, dialogue);
    manager.line.close();
    if (refusal === undefined || !mayBeElsewhere(refusal)) return refusal;
    failed.push(refusal);
  }
  return mostTelling(failed);
}
