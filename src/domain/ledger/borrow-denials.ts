import { isNoBorrower, mayNotBorrow } from '../options/borrow-rules.ts';
import type { Denial } from './denial.ts';
import type { LedgerPool } from './holdings.ts';

/**
 * Reasons not to lend, which stand in the table of denials behind those of who may have seats at all. Sources: LAG,
 * "BORROW_LOWWATER", "EXCLUDE_BORROW", "MAX_BORROW_HOURS"; error list. unverified: their order, and the minors.
 */
export const borrowDenials = [
  {
    // No license line of the pool says BORROW.
    id: 'notBorrowable',
    major: -68,
    minor: 923,
    toBorrow: true,
    concerns: ({ borrow }) => borrow === undefined,
    when: () => true,
  },
  {
    id: 'borrowExcluded',
    major: -38,
    minor: 924,
    toBorrow: true,
    concerns: ({ borrow }) => borrow !== undefined && borrow.excluded.length > 0,
    when: ({ pool, request }) => mayNotBorrow(pool.borrow!, request.client),
  },
  {
    id: 'borrowNotIncluded',
    major: -39,
    minor: 925,
    toBorrow: true,
    concerns: ({ borrow }) => borrow !== undefined && borrow.included.length > 0,
    when: ({ pool, request }) => isNoBorrower(pool.borrow!, request.client),
  },
  {
    id: 'borrowOver',
    major: -118,
    minor: 926,
    toBorrow: true,
    when: ({ request, now }) => request.borrowUntil! <= now,
  },
  {
    id: 'borrowTooLong',
    major: -104,
    minor: 927,
    toBorrow: true,
    concerns: ({ borrow }) => borrow !== undefined,
    when: ({ pool, request, now }) => request.borrowUntil! - now > pool.borrow!.longestMs,
  },
] as const satisfies readonly Denial[];

/** There are seats, but so many must stay. */
export const borrowLowWater = {
  id: 'borrowLowWater',
  major: -67,
  minor: 928,
  toBorrow: true,
  concerns: ({ counted, borrow }) => counted && borrow !== undefined,
  when: ({ pool, capacity, count }) => isBelowLowWater(pool, capacity, count),
} as const satisfies Denial;

function isBelowLowWater(
  { borrow, borrowed }: LedgerPool,
  capacity: number,
  count: number,
): boolean {
  return (borrowed?.count ?? 0) + count > capacity - borrow!.lowWater;
}
