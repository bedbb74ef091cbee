import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

/** What to check out. */
export interface CheckoutRequest {
  readonly feature: string;
  readonly count: number;
  /** A decimal number such as `2024.1`. */
  readonly version: string;
  /** The vendor's checkout data, for DUP_GROUP V; '' for none. */
  readonly data: string;
}

/**
 * What a checkout message can carry. Whether it makes sense is the daemon's business.
 * @throws KnownError USAGE
 */
export function checkRequest({ feature, count, version, data }: CheckoutRequest): void {
  if (feature === '') throw new KnownError('USAGE', 'feature: expected a name, got none');
  checkLength('feature', feature);
  checkLength('version', version);
  checkLength('data', data);
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(version)) {
    const text = `version: expected a decimal number such as 2024.1, got "${version}"`;
    throw new KnownError('USAGE', text);
  }
  if (!Number.isInteger(count) || count < 1 || count > 0xffff_ffff) {
    throw new KnownError('USAGE', `count: expected a whole number from 1, got ${count}`);
  }
}

function checkLength(name: string, { length }: string): void {
  if (length <= limits.fieldCharactersMax) return;
  const expected = `at most ${limits.fieldCharactersMax} characters`;
  throw new KnownError('USAGE', `${name}: expected ${expected}, got ${length}`);
}
