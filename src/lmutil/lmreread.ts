import { commandManager, openAdmin } from '../client/administration.ts';
import type { Dialogue } from '../client/context.ts';
import type { ServerAddress } from '../client/license-path.ts';
import { type Refused, refused } from '../client/refused.ts';
import { isRefusal } from '../client/status-source.ts';
import { renderRereadResult } from '../text/lmutil-verbs.ts';
import { serversOf } from './admin.ts';
import type { FlagTable } from './flags.ts';
import { askOptions, licensePath } from './sources.ts';
import { subcommand } from './subcommand.ts';

/** Source: LAG, "lmreread". */
const flags = {
  vendor: { takes: 'value', value: 'vendor', summary: 'only this vendor daemon' },
  all: { takes: 'nothing', summary: 'every server of the path, not only the first' },
} as const satisfies FlagTable;

export const lmreread = subcommand({
  name: 'lmreread',
  operands: [],
  flags,
  async run({ c, vendor, all }, _operands, { io, program }) {
    const options = askOptions(io);
    const servers = await serversOf(licensePath(io, c));
    const words = { vendor, all: all ? '1' : undefined };
    const failed = isRefusal(servers)
      ? refused('client', servers)
      : await rereadServers(all ? servers : servers.slice(0, 1), words, options);
    await io.print(renderRereadResult(program, failed?.refusal, failed?.explanation));
    return failed?.refusal;
  },
});

/** Every member of a triad reads its own copy of the file. The first failure of all is told. */
async function rereadServers(
  servers: readonly (readonly ServerAddress[])[],
  words: { readonly vendor?: string | undefined; readonly all?: string | undefined },
  dialogue: Dialogue,
): Promise<Refused | undefined> {
  const failed: Refused[] = [];
  for (const address of servers.flat()) {
    const manager = await openAdmin(address, dialogue);
    if (isRefusal(manager)) {
      failed.push(refused('client', manager));
      continue;
    }
    const no = await commandManager(manager, 'reread', words, dialogue);
    manager.line.close();
    if (no) failed.push(no);
  }
  return failed[0];
}
