import { firstAbout } from '../options/line-index.ts';
import type { RuleClient } from '../options/names.ts';
import type { MaxRule } from '../options/rules.ts';
import type { SeatCount } from './events.ts';

/**
 * The seats that count against one MAX line of one feature: of everybody it is about together, or of each
 * user or group. Source: LAG, "MAX" (a group's limit is for the group as a whole).
 */
export class MaxLimit implements SeatCount {
  readonly rule: MaxRule;
  readonly user: string | undefined;
  /** Those that hold any. */
  readonly #seats = new Map<string, number>();

  constructor(rule: MaxRule) {
    this.rule = rule;
    this.user = rule.user;
  }

  seatsOf(key: string): number {
    return this.#seats.get(key) ?? 0;
  }

  add(key: string, seats: number): void {
    const total = this.seatsOf(key) + seats;
    if (total === 0) this.#seats.delete(key);
    else this.#seats.set(key, total);
  }

  counts(): ReadonlyMap<string, number> {
    return this.#seats;
  }
}

/** Makes one limit of each line, however many pools it is about. */
export class MaxLimits {
  readonly #byRule = new Map<MaxRule, MaxLimit>();

  of(rules: readonly MaxRule[]): readonly MaxLimit[] {
    return rules.map((rule) => {
      const known = this.#byRule.get(rule);
      if (known !== undefined) return known;
      const limit = new MaxLimit(rule);
      this.#byRule.set(rule, limit);
      return limit;
    });
  }
}

/** A limit, and with whom of it a client's seats count. */
interface Limited {
  readonly limit: MaxLimit;
  readonly key: string;
}

/**
 * The first line that is about a client: the only one that limits and counts it. Source: LAG, "MAX" (a line
 * for one user must precede that for ALL_USERS).
 */
export function limitFor(limits: readonly MaxLimit[], client: RuleClient): Limited | undefined {
  const limit = firstAbout(limits, client, isAbout);
  return limit && { limit, key: limit.rule.keyOf(client)! };
}

function isAbout({ rule }: MaxLimit, client: RuleClient): boolean {
  return rule.keyOf(client) !== undefined;
}

export function isOverMax(limits: readonly MaxLimit[], client: RuleClient, added: number): boolean {
  const found = limitFor(limits, client);
  return found !== undefined && found.limit.seatsOf(found.key) + added > found.limit.rule.count;
}
