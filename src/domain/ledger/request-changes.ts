import type { EpochMs } from '../../base/clock.ts';
import type { ClientSpec, OptionsFile } from '../options/model.ts';
import type { CheckoutCommand } from './commands.ts';
import { type DenialId, denials } from './denials.ts';
import type { Client } from './model.ts';
import type { Ledger } from './state.ts';
import type { Trial } from './trials.ts';
import type { PoolTry } from './tries.ts';

/** Another request that may be granted where this one is not. */
export interface RequestChange {
  readonly text: string;
  readonly request: CheckoutCommand;
  /** When it would be made; absent: now. */
  readonly at?: EpochMs;
}

interface Known {
  readonly ledger: Ledger;
  readonly options: OptionsFile | undefined;
}

/** Requests that a refusal suggests, whether or not they help. */
type Suggest = (trial: Trial, known: Known) => readonly RequestChange[];

/** Host ids, platforms and names that are tried of one refusal. */
const TRIED_MAX = 5;
const REQUESTS_MAX = 20;

/**
 * The requests that the refusals of a walk suggest: an older version, another client, a later time, a component in
 * place of its suite. Whether they are granted is to be asked.
 */
export function requestChanges(tries: readonly PoolTry[], known: Known): readonly RequestChange[] {
  const found = new Map<string, RequestChange>();
  for (const { refused, row } of tries) {
    if (refused === undefined) continue;
    const id: DenialId = denials[row]!.id;
    for (const change of suggestions[id]?.(refused, known) ?? []) {
      if (found.size === REQUESTS_MAX) return [...found.values()];
      if (!found.has(change.text)) found.set(change.text, change);
    }
  }
  return [...found.values()];
}

const suggestions: Readonly<Partial<Record<DenialId, Suggest>>> = {
  version: ({ pool: { version }, request }) => [
    { text: `asking for version ${version} or older`, request: { ...request, version } },
  ],
  notStarted: ({ pool, request }) => {
    const starts = pool.terms.map(({ from }) => from).filter(Number.isFinite);
    if (starts.length === 0) return [];
    const at = Math.min(...starts);
    return [{ text: `from ${new Date(at).toISOString()} on`, request, at }];
  },
  hostid: (trial) =>
    (trial.pool.hostids ?? []).slice(0, TRIED_MAX).map((hostid) => {
      const client = clientWith(trial.request.client, hostid);
      return asClient(trial, client, `as a client with ${hostid}`);
    }),
  platform: (trial) =>
    (trial.pool.platforms ?? []).slice(0, TRIED_MAX).map((platform) => {
      return asClient(trial, { platform }, `on platform ${platform}`);
    }),
  floatOkServer: (trial) => [asClient(trial, { host: 'another-host' }, 'on another host')],
  remoteDesktop: (trial) => [locally(trial)],
  otherSession: (trial) => [locally(trial)],
  onlyPackage: ({ request, pool }, { ledger }) => {
    const components = [...ledger.pools.values()].filter(({ suite }) => suite === pool);
    return components.slice(0, TRIED_MAX).map(({ feature }) => {
      return { text: `asking for its component ${feature}`, request: { ...request, feature } };
    });
  },
  excluded: (trial) => [
    asClient(trial, { user: 'another-user' }, 'as another user'),
    asClient(trial, { host: 'another-host' }, 'on another host'),
  ],
  notIncluded: (trial, { options }) => {
    const { includedInAll = [], included = [] } = trial.pool.rules ?? {};
    return [...included, ...includedInAll].slice(0, TRIED_MAX).flatMap(({ line: { rule } }) => {
      const client = 'client' in rule ? clientNamed(rule.client, options) : undefined;
      return client === undefined ? [] : [asClient(trial, client.changes, `as ${client.text}`)];
    });
  },
  maxReached: (trial) => [asClient(trial, { user: 'another-user' }, 'as another user')],
};

function asClient({ request }: Trial, changes: Partial<Client>, text: string): RequestChange {
  return { text, request: { ...request, client: { ...request.client, ...changes } } };
}

function locally(trial: Trial): RequestChange {
  return asClient(trial, { remoteDesktop: false }, 'outside a remote-desktop session');
}

/** What a client would have to be for a host id of a license line. */
function clientWith({ hostids }: Client, hostid: string): Partial<Client> {
  const [, keyword = '', value = ''] = /^(\w+)=(.*)$/.exec(hostid) ?? [];
  switch (keyword.toUpperCase()) {
    case 'USER':
      return { user: value };
    case 'DISPLAY':
      return { display: value };
    case 'HOSTNAME':
      return { host: value };
    case 'INTERNET':
    case 'INTERNET6':
      return { address: value.replaceAll('*', '1') };
    default:
      return { hostids: [...hostids, hostid.toUpperCase()] };
  }
}

/** A client that an options line names: of a group, its first member. */
function clientNamed(
  { type, name }: ClientSpec,
  options: OptionsFile | undefined,
): { readonly changes: Partial<Client>; readonly text: string } | undefined {
  switch (type) {
    case 'USER':
      return { changes: { user: name }, text: `user ${name}` };
    case 'HOST':
      return { changes: { host: name }, text: `host ${name}` };
    case 'DISPLAY':
      return { changes: { display: name }, text: `display ${name}` };
    case 'PROJECT':
      return { changes: { project: name }, text: `project ${name}` };
    case 'INTERNET':
      return { changes: { address: name.replaceAll('*', '1') }, text: `a client at ${name}` };
    case 'GROUP':
    case 'HOST_GROUP': {
      const member = firstMember(type, name, options);
      if (member === undefined) return undefined;
      const changes = type === 'GROUP' ? { user: member } : { host: member };
      return { changes, text: `a member of ${type} ${name}, such as ${member}` };
    }
  }
}

function firstMember(
  keyword: 'GROUP' | 'HOST_GROUP',
  name: string,
  options: OptionsFile | undefined,
): string | undefined {
  for (const line of options?.lines ?? []) {
    if (line.kind !== 'rule' || line.rule.keyword !== keyword || line.rule.name !== name) continue;
    return line.rule.members[0];
  }
  return undefined;
}
