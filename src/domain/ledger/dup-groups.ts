import type { DupGroup } from '../license/model.ts';
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

function keyField(text: string): string {
  return `${text.length}:${text}`;
}

/** As DUP_GROUP= spells it. */
export function dupGroupText(dupGroup: DupGroup): string {
  if (dupGroup.kind !== 'fields') return dupGroup.kind.toUpperCase();
  const { user, host, display, vendor } = dupGroup;
  return `${user ? 'U' : ''}${host ? 'H' : ''}${display ? 'D' : ''}${vendor ? 'V' : ''}`;
}
