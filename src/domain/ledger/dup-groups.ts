import type { DupGroup } from '../license/model.ts';
import { platformMatches } from '../license/platforms.ts';
import type { Client } from './model.ts';

/** A DUP_GROUP that lets checkouts share; undefined for NONE, and for one that names no field. */
export function sharedFields(dupGroup: DupGroup): DupGroup | undefined {
  if (dupGroup.kind === 'none') return undefined;
  if (dupGroup.kind === 'site') return dupGroup;
  const { user, host, display, vendor } = dupGroup;
  return user || host || display || vendor ? dupGroup : undefined;
}

/**
 * The text that is equal for checkouts that share seats. SITE gives everyone one. Fields carry
 * their length, so that no client can choose a user name that reads as another's user and host.
 * Source: End User Guide v10, App. B, "DUP_GROUP". unverified: letter case counts, as in the
 * options file.
 */
export function dupKey(sharing: DupGroup, client: Client, data: string): string {
  if (sharing.kind !== 'fields') return 'SITE';
  let key = '';
  if (sharing.user) key += keyField(client.user);
  if (sharing.host) key += keyField(client.host);
  if (sharing.display) key += keyField(client.display);
  if (sharing.vendor) key += keyField(data);
  return key;
}

/** How the checkouts of a pool share seats. */
interface SharingPool {
  readonly sharing: DupGroup | undefined;
  readonly seatPerNode: readonly string[] | undefined;
}

/**
 * The key by which a checkout shares a pool's seats; undefined where none are shared. Where the vendor counts
 * the nodes or CPUs of a build, those of one host share only with themselves.
 */
export function sharingKey(
  { sharing, seatPerNode }: SharingPool,
  client: Client,
  data: string,
): string | undefined {
  if (sharing === undefined) return undefined;
  const key = dupKey(sharing, client, data);
  const { node, platform } = client;
  if (seatPerNode === undefined || node === undefined || node === '') return key;
  if (sharing.kind !== 'fields') return key;
  const counted = seatPerNode.some((tag) => platformMatches(tag, platform));
  return counted ? `${key}node ${keyField(node)}` : key;
}

function keyField(text: string): string {
  return `${text.length}:${text}`;
}

/** As DUP_GROUP= spells it. */
export function dupGroupText(dupGroup: DupGroup): string {
  if (dupGroup.kind !== 'fields') return dupGroup.kind.toUpperCase();
  const { user, host, display, vendor } = dupGroup;
  return `${user ? 'U' : ''}${host ? 'H' : ''}${display ? 'D' : ''}${vendor ? 'V' : ''}`;
}
