import { type EpochMs, systemClock } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { localIdentity } from '../../client/identity.ts';
import { parseLicensePath } from '../../client/license-path.ts';
import { decodeText } from '../../domain/text-encoding.ts';
import { readFileBytes } from '../../files/license-sources.ts';
import { readStandardInput } from '../../files/standard-input.ts';
import type { LmutilIo } from '../../lmutil/io.ts';
import { main as lmutil } from '../../lmutil/lmutil.ts';
import { parseLmstat } from '../../text/lmstat-parser/parse-lmstat.ts';
import type { ParsedLmstat } from '../../text/lmstat-parser/parsed.ts';
import { standardInput } from '../dashes.ts';

/** What `lmstat -a -i` said, and where it was read. */
export interface StatusText {
  readonly source: string;
  readonly parsed: ParsedLmstat;
  /** When it was written, if it was not written just now. */
  readonly writtenAt?: EpochMs;
}

/**
 * The other side: a server that is asked (`27000@host`, `@host`, a triad), or what its lmstat printed, in a file or
 * on standard input.
 * @throws KnownError USAGE for what is neither, NET_UNREACHABLE when no license manager answers there,
 * FILE_UNREADABLE, FILE_TOO_LARGE
 */
export async function readTheirs(word: string): Promise<StatusText> {
  if (word.includes('@')) return { source: word, parsed: await askServer(word) };
  return textOf(word);
}

function textOf(word: string): StatusText {
  const isInput = word === standardInput;
  const bytes = isInput ? readStandardInput() : readFileBytes(word);
  const source = isInput ? 'standard input' : word;
  const parsed = parseLmstat(decodeText(source, bytes).text);
  if (!parsed.servers.some(({ vendors }) => vendors.length > 0)) {
    const failure = parsed.servers.find((server) => server.failure)?.failure?.error.text;
    const got = failure ?? (bytes.byteLength === 0 ? 'nothing' : 'no vendor daemon in it');
    const text = `${source}: expected port@host, or what lmstat -a printed of a server that answers, got: ${got}`;
    throw new KnownError('USAGE', text);
  }
  const at = parsed.at === undefined ? Number.NaN : Date.parse(parsed.at);
  return { source, parsed, ...(Number.isNaN(at) ? {} : { writtenAt: at }) };
}

/**
 * Asks the servers of a license path as `lmutil lmstat -a -i` does.
 * @throws KnownError USAGE for a path that is none, NET_UNREACHABLE when nobody answers
 */
export async function askServer(path: string, now = systemClock.now): Promise<ParsedLmstat> {
  const [element, more] = parseLicensePath(path, { origin: 'diff', platform: process.platform });
  if (element?.kind !== 'servers' || more) {
    const text = `diff: expected port@host, the hosts of a triad with commas, or a file, got "${path}"`;
    throw new KnownError('USAGE', text);
  }
  let out = '';
  const words = ['lmstat', '-a', '-i', '-c', path, '--dialect', '11.18.1'];
  await lmutil(['node', 'lmutil', ...words], {
    ...silentIo(now),
    print: async (text) => {
      if (out.length <= limits.statusTextMax) out += text;
    },
    get deserted() {
      return out.length > limits.statusTextMax;
    },
  });
  if (out.length > limits.statusTextMax) {
    const text = `${path}: expected at most ${limits.statusTextMax} characters of lmstat, got more`;
    throw new KnownError('FILE_TOO_LARGE', text);
  }
  const parsed = parseLmstat(out);
  const failure = parsed.servers.find((server) => server.failure)?.failure;
  if (!failure) return parsed;
  const { text, major, minor } = failure.error;
  const got = major === undefined ? text : `${text} (${major},${minor})`;
  throw new KnownError('NET_UNREACHABLE', `${path}: expected a license manager, got: ${got}`);
}

function silentIo(now: () => EpochMs): LmutilIo {
  return {
    print: async () => {},
    deserted: false,
    complain: () => {},
    ask: async () => undefined,
    now,
    env: {},
    platform: process.platform,
    identity: () => localIdentity(process.env),
    interfaces: () => ({}),
    systemFile: () => undefined,
  };
}
