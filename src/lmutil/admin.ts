import type { Refusal } from '../base/refusal.ts';
import type { PathElement, ServerAddress } from '../client/license-path.ts';
import { statusSources } from './sources.ts';

/** The servers of a license path, each as the hosts of its triad or its only host; or why there are none. */
export async function serversOf(
  path: readonly PathElement[],
): Promise<readonly (readonly ServerAddress[])[] | Refusal> {
  const sources = await statusSources(path);
  const servers = sources.flatMap((source) => (source.kind === 'server' ? [source.hosts] : []));
  if (servers.length > 0) return servers;
  const unusable = sources.find((source) => source.kind === 'unusable');
  return unusable?.refusal ?? { major: -1, minor: 359 };
}
