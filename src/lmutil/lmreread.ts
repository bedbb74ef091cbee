import type { Refusal } from '../base/refusal.ts';
import type { Dialogue } from '../client/context.ts';
import type { ServerAddress } from '../client/license-path.ts';
import { isRefusal } from '../client/status-source.ts';
import { renderRereadResult } from '../text/lmutil-verbs.ts';
import { commandManager, openAdmin, serversOf } from './admin.ts';
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
    const refusal = isRefusal(servers)
      ? servers
      : await rereadServers(all ? servers : servers.slice(0, 1), words, options);
    await io.print(renderRereadResult(program, refusal));
    return refusal;
  },
});

/** Every member of a triad reads its own copy of the file. The first failure of all is told. */
async function rereadServers(
  servers: readonly (readonly ServerAddress[])[],
  words: { readonly vendor?: string | undefined; readonly all?: string | undefined },
  options: Dialogue,
): Promise<Refusal | undefined> {
  let failed: Refusal | undefined;
  for (const address of servers.flat()) {
    const manager = await openAdmin(address, options);
    if (isRefusal(manager)) {
      failed ??= manager;
      continue;
    }
    failed ??= await commandManager(manager, 'reread', words, options);
    manager.line.close();
  }
  return failed;
}
