import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeClock, parseClock } from '../base/clock-setting.ts';
import { KnownError } from '../base/errors.ts';
import type { ServerConfig } from '../daemon/server-config.ts';
import { flexnetVersion } from '../daemon/versions.ts';
import { copyrightText, releaseText } from '../text/banner.ts';
import { yesOrNo } from './environment-flags.ts';
import { type Failure, toldFailure } from './exit.ts';
import { listenHost, lmremoveAge, logTarget, wholeNumber } from './flag-values.ts';
import { httpSetting } from './http-setting.ts';
import { logLevelOf, openOperationalLog } from './logger.ts';
import { readyLines } from './ready-file.ts';
import { triadWish } from './server-flags.ts';
import { runServer } from './serving.ts';

/**
 * The drop-in for lmgrd: its flags as the License Administration Guide, "lmgrd Command-Line Syntax", has them.
 * `takes` 1: a value follows. Those without `set` are accepted and mean nothing here.
 */
interface Flags {
  licenses: string[];
  log?: { path?: string; append: boolean };
  foreground: boolean;
  localOnly: boolean;
  disabled: string[];
  two: boolean;
  privileged: boolean;
  datestamp: boolean;
  clock: string;
  http: string | undefined;
  member: string | undefined;
  connectMs: number | undefined;
}

interface FlagRow {
  readonly takes: 0 | 1;
  readonly summary: string;
  readonly set?: (flags: Flags, value: string) => void;
}

const rows: Readonly<Record<string, FlagRow>> = {
  '-c': {
    takes: 1,
    summary: 'license files and directories, separated as a license path is',
    set: (flags, value) => flags.licenses.push(...value.split(delimiter).filter(Boolean)),
  },
  '-l': {
    takes: 1,
    summary: 'debug log; +FILE appends',
    set: (flags, value) => {
      flags.log = logTarget(value);
    },
  },
  '-z': {
    takes: 0,
    summary: 'stay in the foreground',
    set: (flags) => {
      flags.foreground = true;
    },
  },
  '-local': {
    takes: 0,
    summary: 'lmdown, lmreread and the log tools only from this machine',
    set: (flags) => {
      flags.localOnly = true;
    },
  },
  '-x': {
    takes: 1,
    summary: 'disable lmdown, lmreread, lmremove or a log tool; may be repeated',
    set: (flags, value) => flags.disabled.push(value),
  },
  '-datestamp': {
    takes: 0,
    summary: 'date and zone on each line of the log',
    set: (flags) => {
      flags.datestamp = true;
    },
  },
  '--clock': {
    takes: 1,
    summary: 'real, manual, x60 (60 times as fast); @2030-01-07T09:00 begins there [FAUXLM_CLOCK]',
    set: (flags, value) => {
      flags.clock = value;
    },
  },
  '--http': {
    takes: 1,
    summary: 'HOST:PORT of a control plane over HTTP, on this machine only [FAUXLM_HTTP]',
    set: (flags, value) => {
      flags.http = value;
    },
  },
  '-2': {
    takes: 0,
    summary: 'with -p: all of these tools only for root, or the group lmadmin',
    set: (flags) => {
      flags.two = true;
    },
  },
  '-p': {
    takes: 0,
    summary: 'see -2',
    set: (flags) => {
      flags.privileged = true;
    },
  },
  '-s': { takes: 1, summary: 'minutes between timestamps; accepted' },
  '-t': {
    takes: 1,
    summary: 'of a triad: seconds in which another member is to be reached [10]',
    set: (flags, value) => {
      flags.connectMs = 1000 * wholeNumber('-t', value, 1, 3_600);
    },
  },
  '--triad-member': {
    takes: 1,
    summary:
      'of three SERVER lines, the one to be: HOST, HOST:PORT, 1, 2 or 3 [FAUXLM_TRIAD_MEMBER]',
    set: (flags, value) => {
      flags.member = value;
    },
  },
  '-m': { takes: 1, summary: 'accepted' },
  '-nfs_log': { takes: 0, summary: 'accepted' },
  '-reuseaddr': { takes: 0, summary: 'accepted: always so' },
  '-servTransferred': { takes: 0, summary: 'accepted' },
  '-app': { takes: 0, summary: 'accepted' },
  '-b': { takes: 0, summary: 'accepted' },
};

/** @throws KnownError USAGE for a flag nobody knows or one without its value */
function readFlags(words: readonly string[], env: NodeJS.ProcessEnv): Flags {
  const flags: Flags = {
    licenses: [],
    foreground: false,
    localOnly: false,
    disabled: [],
    two: false,
    privileged: false,
    datestamp: false,
    clock: env['FAUXLM_CLOCK'] || 'real',
    http: env['FAUXLM_HTTP'] || undefined,
    member: env['FAUXLM_TRIAD_MEMBER'] || undefined,
    connectMs: undefined,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const row = Object.hasOwn(rows, word) ? rows[word] : undefined;
    if (row === undefined) {
      throw new KnownError('USAGE', `expected a flag of lmgrd, got "${word}"; see lmgrd -help`);
    }
    const value = row.takes === 1 ? words[++at] : '';
    if (value === undefined) throw new KnownError('USAGE', `${word}: expected a value, got none`);
    row.set?.(flags, value);
  }
  if (flags.licenses.length === 0) flags.licenses = pathOf(env);
  return flags;
}

/** Without -c: LM_LICENSE_FILE, as far as it names files. Source: LAG, lmgrd -c. */
function pathOf(env: NodeJS.ProcessEnv): string[] {
  const files = (env['LM_LICENSE_FILE'] ?? '').split(delimiter).filter((part) => part !== '');
  if (files.some((part) => part.includes('@'))) {
    const text = 'LM_LICENSE_FILE: expected license files, got port@host: lmgrd serves files';
    throw new KnownError('USAGE', text);
  }
  if (files.length === 0) {
    throw new KnownError('USAGE', 'expected -c LICENSE_FILES or LM_LICENSE_FILE, got neither');
  }
  return files;
}

/** Its flags with what they do, as `-help` and the man page have them. */
export function lmgrdFlagRows(): readonly (readonly [flag: string, summary: string])[] {
  const list = Object.entries(rows).map(([flag, { takes, summary }]) => {
    return [takes === 1 ? `${flag} value` : flag, summary] as const;
  });
  return [...list, ['-v, -help', 'version, this text']];
}

/** What else it heeds, as `-help` and the man page have it. */
export const lmgrdNotes = [
  'Listens on loopback; FAUXLM_HOST names other addresses, separated by commas.',
  'FAUXLM_VERBOSE_LOG=1: the verbose form of lines of seats in the debug log.',
  'FAUXLM_STATE: folder that keeps borrowed licenses over a restart.',
  'FAUXLM_LMREMOVE_MIN_AGE: seconds a license must be out before lmremove takes it [120].',
].join('\n');

function usage(): string {
  const list = lmgrdFlagRows().map(([flag, summary]) => `  ${flag.padEnd(18)} ${summary}`);
  const title = 'lmgrd -c LICENSE_FILES [flags]: fauxlm in the place of lmgrd';
  return [title, ...list, '', lmgrdNotes, ''].join('\n');
}

async function runWith(words: readonly string[]): Promise<number> {
  const { text: version, build } = flexnetVersion;
  if (words.includes('-v')) {
    const release = releaseText({ version, build, platform: 'x64_lsb' });
    process.stdout.write(`lmgrd - ${copyrightText}\nlmgrd ${release}\n`);
    return 0;
  }
  if (words.some((word) => ['-help', '-h', '--help'].includes(word))) {
    process.stdout.write(usage());
    return 0;
  }
  const flags = readFlags(words, process.env);
  return flags.foreground ? serveInForeground(flags, words) : serveInBackground(flags, words);
}

const LMREMOVE_MIN_AGE = 'FAUXLM_LMREMOVE_MIN_AGE';

async function serveInForeground(flags: Flags, words: readonly string[]): Promise<number> {
  const { FAUXLM_HOST = '', FAUXLM_LOG_LEVEL, FAUXLM_STATE = '', FAUXLM_VERBOSE_LOG } = process.env;
  const hosts = FAUXLM_HOST.split(',').filter(Boolean).map(listenHost);
  const log = await openOperationalLog(logLevelOf(FAUXLM_LOG_LEVEL || 'info', 'FAUXLM_LOG_LEVEL'));
  const config: ServerConfig = {
    licenses: flags.licenses,
    ...(hosts.length === 0 ? {} : { hosts }),
    log: flags.log ?? { append: true },
    logStyle: flags.datestamp ? 'datestamp' : 'time',
    verboseLog: yesOrNo('FAUXLM_VERBOSE_LOG', FAUXLM_VERBOSE_LOG || '0'),
    clock: makeClock(parseClock(flags.clock, '--clock')),
    ...lmremoveAge(LMREMOVE_MIN_AGE, process.env[LMREMOVE_MIN_AGE]),
    ...(FAUXLM_STATE === '' ? {} : { stateFolder: FAUXLM_STATE }),
    localOnly: flags.localOnly,
    disabled: flags.disabled,
    administratorsOnly: flags.two && flags.privileged,
    commandLine: words,
    ...lmgrdWish(flags),
  };
  return runServer(config, {
    log,
    faults: [],
    ...httpSetting({
      http: flags.http,
      'http-tokens': process.env['FAUXLM_HTTP_TOKENS'] || undefined,
      'http-audit': process.env['FAUXLM_HTTP_AUDIT'] || undefined,
      'oidc-issuer': process.env['FAUXLM_OIDC_ISSUER'] || undefined,
      'oidc-audience': process.env['FAUXLM_OIDC_AUDIENCE'] || undefined,
      'oidc-role': process.env['FAUXLM_OIDC_ROLE']?.split(',').filter(Boolean),
    }),
    // A launcher that waits for us hears it first; the log on standard output must not be mixed with it.
    ready: (server, http) => {
      const lines = readyLines(server, false, http);
      process.send?.({ ready: lines });
      return flags.log?.path === undefined ? '' : lines;
    },
  });
}

/** In a triad's file it is the member whose host this is, unless told. */
function lmgrdWish({ member, connectMs }: Flags): Pick<ServerConfig, 'triadWish'> {
  const hosts = process.env['FAUXLM_TRIAD_HOSTS'] || undefined;
  const wish = triadWish({ 'triad-member': member, 'triad-hosts': hosts }, undefined).triadWish;
  if (wish === undefined) return {};
  return { triadWish: { ...wish, ...(connectMs === undefined ? {} : { connectMs }) } };
}

/** What the server in the background tells its launcher: that it serves, or why it does not. */
type Told = { readonly ready: string } | Failure;

/**
 * As lmgrd does on Unix: the server goes on in the background once it is ready. It keeps no hold on our standard
 * error, so that whoever reads that sees its end; standard output only when the log goes there.
 */
function serveInBackground(flags: Flags, words: readonly string[]): Promise<number> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./lmgrd.js', import.meta.url)), '-z', ...words],
    {
      detached: true,
      stdio: ['ignore', flags.log?.path === undefined ? 'inherit' : 'ignore', 'ignore', 'ipc'],
    },
  );
  return new Promise((resolve) => {
    child.once('message', (told: Told) => {
      if ('failed' in told) {
        process.stderr.write(told.failed);
        return resolve(told.status);
      }
      if (flags.log?.path !== undefined) process.stdout.write(told.ready);
      child.disconnect();
      child.unref();
      resolve(0);
    });
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

/** Runs lmgrd with these words (without node and script). The exit status goes to process.exitCode. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    process.exitCode = await runWith(words);
  } catch (error) {
    process.exitCode = await toldFailure(error);
  }
}
