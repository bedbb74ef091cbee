import { join } from 'node:path';
import { parseListenAddress } from '../control/http-address.ts';
import type { ServerLine } from '../domain/license/model.ts';
import type { ServerArguments } from './server-flags.ts';

export interface TriadArguments extends ServerArguments {
  readonly 'ready-file': string | undefined;
  readonly json: boolean;
}

/**
 * Where the members listen on one machine: the first loopback address while their ports differ, else one address
 * each, as 127.0.0.0/8 has plenty.
 */
export function triadHosts(servers: readonly ServerLine[]): readonly string[] {
  const ports = new Set(servers.map(({ port }) => port));
  const isDistinct = ports.size === servers.length;
  return servers.map((_, place) => (isDistinct ? '127.0.0.1' : `127.0.0.${place + 1}`));
}

/** Flags that every member gets as they are. */
const sharedFlags = [
  ...[
    'options',
    'processes',
    'single-port',
    'lenient',
    'datestamp',
    'verbose-log',
    'protocol',
    'clock',
  ],
  ...[
    'time-zone',
    'connections-max',
    'lmremove-min-age',
    'fault',
    'log-level',
    'http-tokens',
    'http-audit',
    'scenarios',
    'oidc-issuer',
    'oidc-audience',
    'oidc-role',
  ],
] as const satisfies readonly (keyof ServerArguments)[];

/** The words behind `fauxlm serve` for the member at `place`. */
export function memberWords(
  argv: TriadArguments,
  hosts: readonly string[],
  place: number,
): readonly string[] {
  const { log, state, http } = argv;
  const number = `${place + 1}`;
  return [
    ...argv.licenses.map(String),
    ...sharedFlags.flatMap((flag) => flagWords(flag, argv[flag])),
    ...flagWords('triad-member', number),
    ...flagWords('triad-hosts', hosts.join(',')),
    ...flagWords('host', hosts[place]),
    ...flagWords('log', log === undefined || log === '-' ? log : `${log}.${number}`),
    ...flagWords('state', state === undefined ? undefined : join(state, number)),
    ...flagWords('http', http === undefined ? undefined : memberHttp(argv, http, place)),
  ];
}

function flagWords(flag: string, value: unknown): readonly string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [`--${flag}`];
  const values = Array.isArray(value) ? value : [value];
  return values.map((each) => `--${flag}=${each}`);
}

function memberHttp(argv: TriadArguments, text: string, place: number): string {
  const hasTokens = (argv['http-tokens'] ?? argv['oidc-issuer']) !== undefined;
  const { host, port } = parseListenAddress(text, '--http', hasTokens);
  const name = host.includes(':') ? `[${host}]` : host;
  return `${name}:${port === 0 ? 0 : port + place}`;
}
