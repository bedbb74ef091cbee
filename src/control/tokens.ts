import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { type Role, roles } from './roles.ts';

/** Fewer could be tried one after the other. */
const CHARACTERS_MIN = 16;
const CHARACTERS_MAX = 512;
const FILE_BYTES_MAX = 1024 * 1024;

/** Who asks, as the audit log names them. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
}

/** Knows tokens. */
export interface TokenReader {
  /** Whose token it is. @throws KnownError CONTROL_TOKEN with why it is not taken, where that may be told */
  callerOf(token: string): Caller | undefined | Promise<Caller | undefined>;
}

/** The first of several that knows a token. */
export function firstOf(readers: readonly TokenReader[]): TokenReader {
  const ask = async (token: string, place: number): Promise<Caller | undefined> =>
    (await readers[place]?.callerOf(token)) ??
    (place < readers.length ? ask(token, place + 1) : undefined);
  return readers.length === 1 ? readers[0]! : { callerOf: (token) => ask(token, 0) };
}

/** A request without a token that this server takes. */
export function noToken(got: string): KnownError {
  return new KnownError(
    'CONTROL_TOKEN',
    `Authorization: expected Bearer and a token of this server, got ${got}`,
  );
}

interface Token extends Caller {
  /** Tokens themselves are not kept: a dump of the memory is not to give them away. */
  readonly digest: Buffer;
}

/** The bearer tokens of a control plane. */
export class Tokens implements TokenReader {
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Whose token it is. Takes as long for one as for another. */
  callerOf(token: string): Caller | undefined {
    const digest = digestOf(token);
    let found: Caller | undefined;
    for (const each of this.#tokens) if (timingSafeEqual(each.digest, digest)) found = each;
    return found && { name: found.name, role: found.role };
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Reads the tokens of a control plane: a line each, `ROLE NAME TOKEN`, with `#` before what is a comment.
 * @throws KnownError USAGE with file and line for what is none, FILE_UNREADABLE, FILE_TOO_LARGE
 */
export function readTokens(path: string): Tokens {
  return parseTokens(readText(path), path);
}

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size <= FILE_BYTES_MAX) return readFileSync(path, 'utf8');
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code ?? 'an error';
    const text = `${path}: expected a file of tokens, got ${got}`;
    throw new KnownError('FILE_UNREADABLE', text, { path }, { cause });
  }
  throw new KnownError('FILE_TOO_LARGE', `${path}: expected at most 1 MiB of tokens, got more`);
}

/** The same of a text; `where` names it. */
export function parseTokens(text: string, where: string): Tokens {
  const tokens: Token[] = [];
  const names = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*$/, '').split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    const place = `${where}:${index + 1}`;
    const token = tokenOf(words, place);
    if (names.has(token.name)) throw usage(place, 'a name of its own', `${token.name} twice`);
    names.add(token.name);
    tokens.push(token);
    if (tokens.length > limits.httpTokensMax) {
      throw usage(place, `at most ${limits.httpTokensMax} tokens`, 'more');
    }
  }
  if (tokens.length === 0) throw usage(where, 'ROLE NAME TOKEN on a line', 'no token');
  return new Tokens(tokens);
}

const givenRoles = roles.filter((role) => role !== 'anyone');

/** What is wrong is told without the token. */
function tokenOf(words: readonly string[], place: string): Token {
  const [role, name, token] = words;
  if (words.length !== 3) throw usage(place, 'ROLE NAME TOKEN', `${words.length} words`);
  if (!givenRoles.some((each) => each === role)) {
    throw usage(place, `a role of ${givenRoles.join(', ')}`, `another word`);
  }
  if (!/^[\w.@-]{1,64}$/.test(name!)) {
    throw usage(place, 'a name of up to 64 letters, digits and . _ @ -', 'another');
  }
  const { length } = token!;
  if (length < CHARACTERS_MIN || length > CHARACTERS_MAX || !/^[\x21-\x7e]+$/.test(token!)) {
    const wanted = `a token of ${CHARACTERS_MIN} to ${CHARACTERS_MAX} characters of ASCII`;
    throw usage(place, wanted, `${length}`);
  }
  return { role: role as Role, name: name!, digest: digestOf(token!) };
}

function usage(place: string, expected: string, got: string): KnownError {
  return new KnownError('USAGE', `${place}: expected ${expected}, got ${got}`);
}
