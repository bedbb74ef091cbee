import type { Options } from 'yargs';
import { KnownError } from '../base/errors.ts';

/** What `--help` says of it. */
export const flagsOfEnvironment =
  'Every flag may come from the environment: --single-port is FAUXLM_SINGLE_PORT=1.';

/** Gives each flag the default that its variable FAUXLM_<FLAG> names: how containers are configured. */
export function fromEnvironment(
  options: Record<string, Options>,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, Options> {
  const entries = Object.entries(options).map(([flag, option]): [string, Options] => {
    const name = `FAUXLM_${flag.toUpperCase().replaceAll('-', '_')}`;
    const text = env[name];
    if (text === undefined || text === '' || isServiceLink(text)) return [flag, option];
    return [flag, { ...option, default: typed(name, option, text) }];
  });
  return Object.fromEntries(entries);
}

/**
 * A service called `fauxlm` gives each pod of its namespace FAUXLM_PORT=tcp://10.0.0.7:27000, and no flag takes such
 * a text. Source: Kubernetes, "Discovering services", environment variables.
 */
function isServiceLink(text: string): boolean {
  return /^(tcp|udp|sctp):\/\/\S+$/.test(text);
}

const yes = ['1', 'true', 'yes', 'on'];
const no = ['0', 'false', 'no', 'off'];

/** A variable that is 1 or 0; `name` says which. @throws KnownError USAGE */
export function yesOrNo(name: string, text: string): boolean {
  if (yes.includes(text.toLowerCase())) return true;
  if (no.includes(text.toLowerCase())) return false;
  throw new KnownError('USAGE', `${name}: expected 1 or 0, got "${text}"`);
}

/** @throws KnownError USAGE */
function typed(name: string, { type, array, choices }: Options, text: string): unknown {
  if (type === 'boolean') return yesOrNo(name, text);
  if (choices && !choices.some((choice) => choice === text)) {
    throw new KnownError('USAGE', `${name}: expected one of ${choices.join(', ')}, got "${text}"`);
  }
  return array ? text.split(',') : text;
}
