import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { guardHost, guardOrigin, type RequestOrigin } from './guard.ts';
import { isLoopback } from './http-address.ts';
import { Rates } from './rates.ts';
import { mayDo, type Role } from './roles.ts';
import { type Caller, noToken, type TokenReader } from './tokens.ts';

/** What a request says of who sends it. Most are let in before all of it is looked at: it may be worked out late. */
export interface Approach extends RequestOrigin {
  readonly authorization: string | undefined;
  readonly address: string;
  /** What it asks for demands this. */
  readonly role: Role;
}

export interface AccessOptions {
  /** Absent: whoever reaches it may do everything. */
  readonly tokens: TokenReader | undefined;
  /** It listens where other machines reach it. */
  readonly isOpen: boolean;
}

/** Without tokens. */
const owner: Caller = { name: 'local', role: 'admin' };
const stranger: Caller = { name: '-', role: 'anyone' };

/** Decides who may ask for what. */
export class Access {
  readonly #options: AccessOptions;
  readonly #requests = new Rates(limits.httpRate);
  readonly #wrong = new Rates(limits.httpWrongTokens);
  /** The Host that was let through last: nearly every request names the one of the request before. */
  #usualHost: string | undefined;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /**
   * Lets a request through, and says whose it is; at once where nobody else need be asked.
   * @throws KnownError CONTROL_FORBIDDEN, CONTROL_RATE, CONTROL_TOKEN, CONTROL_ROLE, CONTROL_OIDC
   */
  admit(approach: Approach): Caller | Promise<Caller> {
    const { tokens, isOpen } = this.#options;
    this.#guard(approach);
    if (!isOpen && tokens === undefined) return owner;
    const address = plainAddress(approach.address);
    if (isOpen && !isLoopback(address)) this.#ration(this.#requests, address, 'requests');
    if (tokens === undefined) return owner;
    if (approach.authorization === undefined) return permitted(stranger, approach.role);
    return this.#callerOf(tokens, approach, address);
  }

  /** @throws KnownError CONTROL_FORBIDDEN */
  #guard({ host, origin }: RequestOrigin): void {
    const from = this.#options.isOpen ? 'anyHost' : 'thisMachine';
    if (host !== this.#usualHost || host === undefined) guardHost(host, from);
    this.#usualHost = host;
    if (origin !== undefined) guardOrigin({ host, origin }, from);
  }

  #callerOf(tokens: TokenReader, approach: Approach, address: string): Caller | Promise<Caller> {
    const { authorization = '', role } = approach;
    const token = /^Bearer +(\S{1,8192})$/i.exec(authorization)?.[1];
    const wait = this.#wrong.wait(address, performance.now());
    if (wait > 0) throw tooOften('wrong tokens', wait);
    const known = (caller: Caller | undefined): Caller => {
      if (caller === undefined) throw this.#countWrong(noToken('another'), address);
      return permitted(caller, role);
    };
    const found = token === undefined ? undefined : tokens.callerOf(token);
    if (!(found instanceof Promise)) return known(found);
    return found.then(known, (error) => {
      throw this.#countWrong(error, address);
    });
  }

  #countWrong(error: unknown, address: string): unknown {
    const isWrong = error instanceof KnownError && error.code === 'CONTROL_TOKEN';
    if (isWrong) this.#wrong.count(address, performance.now());
    return error;
  }

  #ration(rates: Rates, address: string, what: string): void {
    const now = performance.now();
    const wait = rates.wait(address, now);
    if (wait > 0) throw tooOften(what, wait);
    rates.count(address, now);
  }
}

/** An IPv4 address as a socket of both families tells it. */
function plainAddress(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : address;
}

/** @throws KnownError CONTROL_TOKEN, CONTROL_ROLE */
function permitted(caller: Caller, asked: Role): Caller {
  if (mayDo(caller.role, asked)) return caller;
  if (caller === stranger) throw noToken('none');
  const article = caller.role === 'viewer' ? 'a' : 'an';
  const got = caller.role === 'anyone' ? 'one without a role' : `that of ${article} ${caller.role}`;
  const text = `Authorization: expected the token of an ${asked}, got ${got}`;
  throw new KnownError('CONTROL_ROLE', text);
}

function tooOften(what: string, waitSeconds: number): KnownError {
  const text = `expected fewer ${what} of one address, got too many: try again in ${waitSeconds} s`;
  return new KnownError('CONTROL_RATE', text, { waitSeconds });
}
