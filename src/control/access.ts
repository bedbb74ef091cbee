import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { guardOrigin } from './guard.ts';
import { isLoopback } from './http-address.ts';
import { Rates } from './rates.ts';
import { mayDo, type Role } from './roles.ts';
import type { Caller, Tokens } from './tokens.ts';

/** What a request says of who sends it. */
export interface Approach {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly address: string;
  /** What it asks for demands this. */
  readonly role: Role;
}

export interface AccessOptions {
  /** Absent: whoever reaches it may do everything. */
  readonly tokens: Tokens | undefined;
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

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /**
   * Lets a request through, and says whose it is.
   * @throws KnownError CONTROL_FORBIDDEN, CONTROL_RATE, CONTROL_TOKEN, CONTROL_ROLE
   */
  admit(approach: Approach): Caller {
    const { tokens, isOpen } = this.#options;
    guardOrigin(approach, isOpen ? 'anyHost' : 'thisMachine');
    const address = plainAddress(approach.address);
    if (isOpen && !isLoopback(address)) this.#ration(this.#requests, address, 'requests');
    if (tokens === undefined) return owner;
    const caller = this.#callerOf(tokens, approach.authorization, address);
    if (mayDo(caller.role, approach.role)) return caller;
    if (caller === stranger) throw noToken('none');
    const text = `Authorization: expected the token of an ${approach.role}, got that of a ${caller.role}`;
    throw new KnownError('CONTROL_ROLE', text);
  }

  #callerOf(tokens: Tokens, authorization: string | undefined, address: string): Caller {
    if (authorization === undefined) return stranger;
    const token = /^Bearer +(\S{1,512})$/i.exec(authorization)?.[1];
    const wait = this.#wrong.wait(address, performance.now());
    if (wait > 0) throw tooOften('wrong tokens', wait);
    const caller = token === undefined ? undefined : tokens.callerOf(token);
    if (caller !== undefined) return caller;
    this.#wrong.count(address, performance.now());
    throw noToken('another');
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

function noToken(got: string): KnownError {
  return new KnownError(
    'CONTROL_TOKEN',
    `Authorization: expected Bearer and a token of this server, got ${got}`,
  );
}

function tooOften(what: string, waitSeconds: number): KnownError {
  const text = `expected fewer ${what} of one address, got too many: try again in ${waitSeconds} s`;
  return new KnownError('CONTROL_RATE', text, { waitSeconds });
}
