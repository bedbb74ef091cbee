import { messages, OWN_VERSION } from '../wire/messages/index.ts';
import type { LicenseManager } from './license-manager.ts';
import type { Peer } from './peer.ts';
import { memberStates } from './triad/triad-view.ts';
import { flexnetVersion } from './versions.ts';

/** The manager about itself, its triad if it is a member of one, and its daemons. */
export function writeServerAnswer(
  manager: LicenseManager,
  peer: Peer,
  tag: number,
  licensePaths: readonly string[],
): void {
  const version = flexnetVersion.text;
  messages.serverAnswer.write(peer.out, {
    ownVersion: OWN_VERSION,
    tag,
    host: manager.serverName,
    port: manager.port,
    version,
    serverTime: Math.floor(manager.options.clock.now() / 1000),
    licensePaths,
    servers: serversOf(manager),
    vendors: manager.runners.map((runner) => ({
      name: runner.name,
      state: runner.up ? 1 : 0,
      port: runner.port,
      version,
      pid: runner.pid,
    })),
  });
}

/** The SERVER lines, each at the port where it is reached. A single server of a triad's file is its first. */
function serversOf(manager: LicenseManager) {
  const { catalog, triad, options, port: own, serverName } = manager;
  const version = flexnetVersion.text;
  const { member, addresses } = options.triad?.setting ?? { member: 0, addresses: undefined };
  const lines = catalog.servers.map((line, place) => {
    const state = triad?.states[place] ?? memberStates.down;
    const port = addresses?.[place]?.port || line.port || own;
    return { host: line.host, port, state, version: state === memberStates.down ? '' : version };
  });
  const state = triad?.states[member] ?? memberStates.master;
  lines[member] = { host: serverName, port: own, state, version };
  return lines;
}
