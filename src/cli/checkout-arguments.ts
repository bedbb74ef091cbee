import { KnownError } from '../base/errors.ts';
import { parseBorrowEnd } from '../client/borrow-ends.ts';
import type { SearchedLicense } from '../client/candidates.ts';
import { wholeNumber } from './flag-values.ts';

/** What `fauxlm checkout` was called with. */
export interface CheckoutArguments {
  readonly feature: string;
  readonly n: string;
  readonly V: string;
  readonly c?: string | undefined;
  readonly vendor?: string | undefined;
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  readonly display?: string | undefined;
  readonly node?: string | undefined;
  readonly 'remote-desktop'?: boolean | undefined;
  readonly wait?: boolean | undefined;
  readonly borrow?: string | undefined;
  readonly idle?: boolean | undefined;
  readonly json: boolean;
  /** The words behind `--`. */
  readonly '--'?: readonly (string | number)[] | undefined;
}

/**
 * The license that the arguments ask for.
 * @throws KnownError USAGE for a flag given twice or without its text, an end of a borrow that is none, and for `--`
 * without a command.
 */
export function wantedOf(argv: CheckoutArguments): SearchedLicense {
  const { feature, n, V, c, vendor, user, host, display, node, borrow } = argv;
  const flags = { n, V, c, vendor, user, host, display, node, borrow };
  for (const [name, value] of Object.entries(flags)) {
    const flag = name.length === 1 ? `-${name}` : `--${name}`;
    if (Array.isArray(value)) {
      throw new KnownError('USAGE', `${flag}: expected it once, got it ${value.length} times`);
    }
    if (typeof value === 'string' && value.trim() === '') {
      throw new KnownError('USAGE', `${flag}: expected ${flagWords[name]}, got nothing`);
    }
  }
  const words = argv['--'];
  if (borrow !== undefined && argv.wait) {
    throw new KnownError('USAGE', 'expected --borrow or --wait, got both: nobody queues to borrow');
  }
  if (words && (words.length === 0 || words[0] === '')) {
    throw new KnownError('USAGE', '--: expected a command behind it, got nothing');
  }
  const named = vendor === undefined ? {} : { vendor };
  const lent = borrow === undefined ? {} : { borrow: { end: parseBorrowEnd(borrow, '--borrow') } };
  const count = seatCount(n);
  return { feature: String(feature), count, version: V, data: '', ...named, ...lent };
}

/** The licenses that `-n` asks for; a pool has at most so many. @throws KnownError USAGE */
export function seatCount(text: string): number {
  return wholeNumber('--count', text, 1, 2_147_483_647);
}

/** What the flags that hold a text are for. */
const flagWords: Readonly<Record<string, string>> = {
  V: 'a version',
  c: 'a license path',
  vendor: 'a name',
  user: 'a name',
  host: 'a name',
  display: 'a display',
  node: 'a node',
  borrow: 'a duration or an end',
};
