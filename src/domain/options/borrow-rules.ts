import type { PoolDefinition } from '../license/pool-definition.ts';
import { ClientTests } from './client-tests.ts';
import { optionsRules } from './in-force.ts';
import type { OptionsFile } from './model.ts';
import type { RuleClient } from './names.ts';
import { PairBudget } from './pair-budget.ts';
import { PoolIndex, type RuleSubject } from './pool-index.ts';
import { anyMatches, type ClientRule, clientRule } from './rules.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Who may borrow seats of one pool, for how long, and how many may not be borrowed. */
export interface BorrowRules {
  /** The license's BORROW hours, or MAX_BORROW_HOURS where that is less. */
  readonly longestMs: number;
  /** MAX_BORROW_HOURS is the shorter of the two. */
  readonly isLowered: boolean;
  /** BORROW_LOWWATER: so many stay. */
  readonly lowWater: number;
  readonly excluded: readonly ClientRule[];
  /** A list without any lets everybody borrow. */
  readonly included: readonly ClientRule[];
}

/** By `PoolDefinition.id`; a pool whose license lines do not allow borrowing has none. */
export type Borrowing = ReadonlyMap<string, BorrowRules>;

/** `BorrowRules` while it is put together. */
interface Growing {
  longestMs: number;
  isLowered: boolean;
  lowWater: number;
  readonly excluded: ClientRule[];
  readonly included: ClientRule[];
}

/**
 * Sorts the lines about borrowing to the pools that can be borrowed. Sources: LAG, "BORROW_LOWWATER",
 * "EXCLUDE_BORROW", "INCLUDE_BORROW", "MAX_BORROW_HOURS" (the last wins); EUG10 ch. 8.
 * unverified: a pool is borrowed for as long as the longest of its lines says, and as soon as one says so; of several
 * BORROW_LOWWATER lines the last wins.
 * @throws KnownError OPTIONS_SYNTAX when lines and the pools they name make more pairs than a daemon keeps.
 */
export function compileBorrowing(file: OptionsFile | undefined, subject: RuleSubject): Borrowing {
  const borrowing = new Map<string, Growing>();
  const licensed = new Map<PoolDefinition, number>();
  for (const definition of subject.definitions) {
    const longestMs = licensedMs(definition);
    if (longestMs === undefined) continue;
    licensed.set(definition, longestMs);
    const rules = { longestMs, isLowered: false, lowWater: 0, excluded: [], included: [] };
    borrowing.set(definition.id, rules);
  }
  if (licensed.size === 0) return borrowing;
  const lines = optionsRules(file);
  const tests = new ClientTests(lines);
  const index = new PoolIndex(subject);
  const pairs = new PairBudget(file?.source.name ?? '');
  for (const line of lines) {
    const change = changeOf(line, tests);
    if (change === undefined) continue;
    for (const pools of index.featuresNamed(change.spec)) {
      pairs.spend(pools.length, line);
      for (const pool of pools) {
        const rules = borrowing.get(pool.id);
        if (rules !== undefined) change.apply(rules, licensed.get(pool)!);
      }
    }
  }
  return borrowing;
}

/** What a line changes in the rules of the pools it names; undefined for a line about something else. */
function changeOf(line: ReturnType<typeof optionsRules>[number], tests: ClientTests) {
  const { rule } = line;
  switch (rule.keyword) {
    case 'BORROW_LOWWATER':
      return {
        spec: rule.spec,
        apply: (rules: Growing) => {
          rules.lowWater = rule.count;
        },
      };
    case 'MAX_BORROW_HOURS':
      return {
        spec: rule.spec,
        apply: (rules: Growing, licensedMs: number) => {
          rules.longestMs = Math.min(licensedMs, rule.hours * HOUR_MS);
          rules.isLowered = rules.longestMs < licensedMs;
        },
      };
    case 'EXCLUDE_BORROW':
    case 'INCLUDE_BORROW': {
      const compiled = clientRule(line, rule.client, tests);
      const list = rule.keyword === 'EXCLUDE_BORROW' ? 'excluded' : 'included';
      return { spec: rule.spec, apply: (rules: Growing) => void rules[list].push(compiled) };
    }
    default:
      return undefined;
  }
}

function licensedMs({ lines }: PoolDefinition): number | undefined {
  const hours = lines.flatMap(({ attributes }) => attributes.borrowHours ?? []);
  return hours.length === 0 ? undefined : Math.max(...hours) * HOUR_MS;
}

export function mayNotBorrow({ excluded }: BorrowRules, client: RuleClient): boolean {
  return anyMatches(excluded, client);
}

/** True where others are listed and the client is not. */
export function isNoBorrower({ included }: BorrowRules, client: RuleClient): boolean {
  return included.length > 0 && !anyMatches(included, client);
}
