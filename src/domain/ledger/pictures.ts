import type { OptionsRule } from '../options/model.ts';
import type { PoolRules } from '../options/rules.ts';
import { reasonsOf } from './denials.ts';
import type { LedgerPool } from './holdings.ts';

/**
 * A pool as it would be without some lines of the options file; the pool itself where none of them is about it or
 * another feature of its serial number.
 */
export function withoutLines(pool: LedgerPool, lines: ReadonlySet<OptionsRule>): LedgerPool {
  const { rules, serial } = pool;
  if (rules === undefined && (serial === undefined || serial.reserves.length === 0)) return pool;
  const kept = <Rule extends { readonly line: OptionsRule }>(all: readonly Rule[]) =>
    all.filter(({ line }) => !lines.has(line));
  const left: PoolRules | undefined = rules && {
    ...rules,
    excludedFromAll: kept(rules.excludedFromAll),
    excluded: kept(rules.excluded),
    includedInAll: kept(rules.includedInAll),
    included: kept(rules.included),
    limits: kept(rules.limits),
    reservations: kept(rules.reservations),
  };
  const picture = Object.create(pool) as LedgerPool;
  picture.rules = left;
  picture.maxLimits = pool.maxLimits.filter(({ rule }) => !lines.has(rule.line));
  picture.reservations = pool.reservations.filter(({ rule }) => !lines.has(rule.line));
  picture.serial = serial?.withoutLines(lines);
  const { borrow } = pool;
  if (borrow !== undefined) {
    picture.borrow = {
      ...borrow,
      excluded: kept(borrow.excluded),
      included: kept(borrow.included),
    };
  }
  picture.reasons = reasonsOf(picture, 'checkout');
  picture.borrowReasons = reasonsOf(picture, 'borrow');
  return picture;
}
