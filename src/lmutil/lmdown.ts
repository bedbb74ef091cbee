import type { Refusal } from '../base/refusal.ts';
import { type AdminManager, commandManager, openAdmin } from '../client/administration.ts';
import type { Dialogue } from '../client/context.ts';
import { isRefusal } from '../client/status-source.ts';
import { renderBanner } from '../text/banner.ts';
import {
  lmdownTexts,
  renderServersStopped,
  renderShutdownFailed,
  renderStoppableServers,
} from '../text/lmutil-verbs.ts';
import { serversOf } from './admin.ts';
import type { FlagTable, FlagValues } from './flags.ts';
import type { LmutilIo } from './io.ts';
import { askOptions, licensePath } from './sources.ts';
import { subcommand } from './subcommand.ts';

/** Source: LAG, "lmdown". */
const flags = {
  vendor: { takes: 'value', value: 'vendor', summary: 'stop this vendor daemon only' },
  q: { takes: 'nothing', summary: 'ask nothing and print no heading' },
  all: { takes: 'nothing', summary: 'stop every server of the path, without asking' },
  force: { takes: 'nothing', summary: 'even if licenses are borrowed' },
} as const satisfies FlagTable;

type Flags = FlagValues<typeof flags>;

/** A license server that answered: one manager, or those of a triad. */
type Server = readonly AdminManager[];

export const lmdown = subcommand({
  name: 'lmdown',
  operands: [],
  flags,
  async run(given, _operands, { io, program }) {
    const options = askOptions(io);
    const heading = given.q ? '' : renderBanner(program);
    const found = await findServers(await serversOf(licensePath(io, given.c)), options);
    if (isRefusal(found)) {
      await io.print(heading + renderShutdownFailed(found));
      return found;
    }
    const { servers, refusal } = found;
    try {
      if (!given.q) await io.print(renderStoppableServers(program, servers.map(listed)));
      const chosen = await choose(servers, given, io);
      if (chosen.length > 0) return (await stop(chosen, given, options, io)) ?? refusal;
      await io.print(lmdownTexts.nothing);
      return undefined;
    } finally {
      for (const { line } of servers.flat()) line.close();
    }
  },
});

interface FoundServers {
  readonly servers: readonly Server[];
  /** Why another one of the path was not found. */
  readonly refusal?: Refusal;
}

async function findServers(
  hosts: Awaited<ReturnType<typeof serversOf>>,
  options: Dialogue,
): Promise<FoundServers | Refusal> {
  if (isRefusal(hosts)) return hosts;
  const servers: Server[] = [];
  let refusal: Refusal | undefined;
  for (const members of hosts) {
    const opened = await Promise.all(members.map((address) => openAdmin(address, options)));
    const answering = opened.filter((each): each is AdminManager => !isRefusal(each));
    if (answering.length > 0) servers.push(answering);
    else refusal ??= opened.find(isRefusal);
  }
  if (servers.length === 0) return refusal ?? { major: -1, minor: 359 };
  return { servers, ...(refusal ? { refusal } : {}) };
}

function listed(server: Server) {
  const vendors = new Set(server.flatMap(({ facts }) => facts.vendors.map(({ name }) => name)));
  return { spec: server.map(({ spec }) => spec).join(','), vendors: [...vendors] };
}

/** -all implies -q; -q leaves nothing to ask, so it means all as well. */
async function choose(
  servers: readonly Server[],
  { q, all }: Flags,
  io: LmutilIo,
): Promise<readonly Server[]> {
  if (q || all) return servers;
  let chosen = servers;
  if (servers.length > 1) {
    const answer = (await io.ask(lmdownTexts.which))?.trim() ?? '';
    if (!/^a(ll)?$/i.test(answer)) {
      const server = /^\d{1,6}$/.test(answer) ? servers[Number(answer) - 1] : undefined;
      if (!server) return [];
      chosen = [server];
    }
  }
  const sure = (await io.ask(lmdownTexts.confirm))?.trim();
  return sure === 'y' || sure === 'Y' ? chosen : [];
}

async function stop(
  servers: readonly Server[],
  { vendor, force }: Flags,
  options: Dialogue,
  io: LmutilIo,
): Promise<Refusal | undefined> {
  const words = { vendor, force: force ? '1' : undefined };
  let stopped = 0;
  let failed: Refusal | undefined;
  for (const server of servers) {
    const refusals = await Promise.all(
      server.map((manager) => commandManager(manager, 'down', words, options)),
    );
    const refusal = refusals.find((each) => each !== undefined)?.refusal;
    if (refusal) {
      await io.print(renderShutdownFailed(refusal));
      failed ??= refusal;
    } else {
      stopped++;
    }
  }
  if (stopped > 0) await io.print(vendor ? daemonsStopped(stopped) : renderServersStopped(stopped));
  return failed;
}

/** The wording is ours. */
function daemonsStopped(count: number): string {
  return `    ${count} vendor daemon${count === 1 ? '' : 's'} shut down\n`;
}
