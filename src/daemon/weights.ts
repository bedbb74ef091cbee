import type { Client } from '../domain/ledger/model.ts';

/** Texts of a client's choice that are kept with a checkout, or with an event of the journal. */
export interface Weighed {
  readonly client?: Client;
  readonly feature?: string;
  readonly version?: string;
  readonly data?: string;
  /** Ids of the pools that a request waits for: a feature may have thousands. */
  readonly pools?: readonly string[];
}

/** Characters that a client made us keep: a count of things says little where each may have thousands. */
export function charactersOf(weighed: Weighed): number {
  const { client, feature = '', version = '', data = '', pools } = weighed;
  let own = feature.length + version.length + data.length;
  if (pools !== undefined) for (const id of pools) own += id.length;
  return client === undefined ? own : own + clientCharacters(client);
}

/** Characters of an identity. */
export function clientCharacters(client: Client): number {
  const { user, host, display, platform, project, node, hostids } = client;
  let sum = user.length + host.length + display.length + platform.length + project.length;
  if (node !== undefined) sum += node.length;
  for (const hostid of hostids) sum += hostid.length;
  return sum;
}
