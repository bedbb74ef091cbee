import type { PoolDefinition } from '../license/pool-definition.ts';
import { type ClientTest, ClientTests } from './client-tests.ts';
import { optionsRules } from './in-force.ts';
import { type Aimed, firstAbout } from './line-index.ts';
import type { ClientSpec, OptionsFile, OptionsRule } from './model.ts';
import { NamedClients } from './named-clients.ts';
import type { RuleClient } from './names.ts';
import { PairBudget } from './pair-budget.ts';
import { PoolIndex, type RuleSubject } from './pool-index.ts';

/** Who may have seats of one pool, and how many: the lines of the options file that name it. */
export interface PoolRules {
  /** EXCLUDEALL lines, then EXCLUDE lines of the pool. */
  readonly excludedFromAll: readonly ClientRule[];
  readonly excluded: readonly ClientRule[];
  /** INCLUDEALL and INCLUDE lines; a list without any lets everybody pass. */
  readonly includedInAll: readonly ClientRule[];
  readonly included: readonly ClientRule[];
  /** Who is named for a USER_BASED or HOST_BASED pool; undefined for any other. */
  readonly named: NamedClients | undefined;
  /** MAX lines in file order: the first that is about a client limits it. */
  readonly limits: readonly MaxRule[];
  /** RESERVE lines in file order. */
  readonly reservations: readonly ReserveRule[];
  /** MAX_OVERDRAFT: as much of the lines' OVERDRAFT as may be used. */
  readonly overdraftMax: number;
}

/** A line about some clients. */
export interface ClientRule extends Aimed {
  readonly line: OptionsRule;
  readonly matches: ClientTest;
}

/** A MAX line for one feature: one object for all the feature's pools that it names. */
export interface MaxRule extends Aimed {
  readonly line: OptionsRule;
  readonly count: number;
  /**
   * With whom a client's seats are counted: '' for all whom the line is about, a user or group each for
   * ALL_USERS and ALL_GROUPS; undefined when the line is not about this client.
   */
  readonly keyOf: (client: RuleClient) => string | undefined;
}

/** Seats of one pool that a RESERVE line holds. */
export interface ReserveRule extends ClientRule {
  readonly count: number;
  readonly client: ClientSpec;
}

/** The rules by `PoolDefinition.id`; a pool that no rule is about has none. */
export type SeatRules = ReadonlyMap<string, PoolRules>;

/**
 * Sorts the lines of an options file to the pools they name, so that a checkout looks at its own pool's
 * lines only. Without a file only USER_BASED and HOST_BASED pools have rules: nobody is named.
 * Sources: LAG, "Rules of Precedence in Options Files", "MAX", "RESERVE", "MAX_OVERDRAFT", "INCLUDE".
 * unverified: a bare RESERVE of a feature with several pools holds seats of the first, then of the next, a
 * MAX counts over all of them together; of several MAX_OVERDRAFT the last wins.
 * @throws KnownError OPTIONS_SYNTAX when lines and the pools they name make more pairs than a daemon keeps.
 */
export function compileRules(file: OptionsFile | undefined, subject: RuleSubject): SeatRules {
  const lines = optionsRules(file);
  const compiler = new Compiler(lines, subject, file?.source.name ?? '');
  for (const line of lines) compiler.add(line);
  return compiler.finish();
}

export function isExcluded(rules: PoolRules, client: RuleClient): boolean {
  return anyMatches(rules.excludedFromAll, client) || anyMatches(rules.excluded, client);
}

export function isIncluded(rules: PoolRules, client: RuleClient): boolean {
  const { includedInAll, included, named } = rules;
  return (
    (includedInAll.length === 0 || anyMatches(includedInAll, client)) &&
    (included.length === 0 || anyMatches(included, client)) &&
    (named === undefined || named.has(client))
  );
}

/** Whether any line of a list is about a client. */
export function anyMatches(rules: readonly ClientRule[], client: RuleClient): boolean {
  return firstAbout(rules, client, matches) !== undefined;
}

function matches(rule: ClientRule, client: RuleClient): boolean {
  return rule.matches(client);
}

/** A line about the clients of a spec. */
export function clientRule(line: OptionsRule, client: ClientSpec, tests: ClientTests): ClientRule {
  return { line, user: userOf(client), matches: tests.test(client) };
}

function userOf({ type, name }: ClientSpec): string | undefined {
  return type === 'USER' ? name : undefined;
}

/** `PoolRules` while it is put together. */
type Growing = {
  -readonly [K in keyof PoolRules]: PoolRules[K] extends readonly (infer Each)[]
    ? Each[]
    : PoolRules[K];
};

class Compiler {
  readonly #tests: ClientTests;
  readonly #index: PoolIndex;
  readonly #excludedFromAll: ClientRule[] = [];
  readonly #includedInAll: ClientRule[] = [];
  readonly #byPool = new Map<PoolDefinition, Growing>();
  /** Seats of each pool that no line has reserved yet. */
  readonly #unreserved = new Map<PoolDefinition, number>();
  readonly #definitions: readonly PoolDefinition[];
  readonly #pairs: PairBudget;

  constructor(lines: readonly OptionsRule[], subject: RuleSubject, file: string) {
    this.#pairs = new PairBudget(file);
    this.#tests = new ClientTests(lines);
    this.#index = new PoolIndex(subject);
    this.#definitions = subject.definitions;
    for (const definition of subject.definitions) {
      const named = NamedClients.of(definition, this.#tests);
      if (named !== undefined) this.#rulesOf(definition).named = named;
    }
  }

  add(line: OptionsRule): void {
    const { rule } = line;
    switch (rule.keyword) {
      case 'EXCLUDEALL':
        this.#excludedFromAll.push(clientRule(line, rule.client, this.#tests));
        return;
      case 'INCLUDEALL':
        this.#includedInAll.push(clientRule(line, rule.client, this.#tests));
        for (const { named } of this.#byPool.values()) named?.add(rule.client);
        return;
      case 'EXCLUDE':
      case 'INCLUDE':
      case 'MAX':
      case 'RESERVE':
      case 'MAX_OVERDRAFT':
        for (const pools of this.#index.featuresNamed(rule.spec)) {
          this.#pairs.spend(pools.length, line);
          this.#addToFeature(line, pools);
        }
        return;
      default:
        return;
    }
  }

  /** Puts a line in force for those pools of one feature that its spec picks. */
  #addToFeature(line: OptionsRule, pools: readonly PoolDefinition[]): void {
    const { rule } = line;
    switch (rule.keyword) {
      case 'EXCLUDE': {
        const compiled = clientRule(line, rule.client, this.#tests);
        for (const pool of pools) this.#rulesOf(pool).excluded.push(compiled);
        return;
      }
      case 'INCLUDE': {
        const compiled = clientRule(line, rule.client, this.#tests);
        const naming = rule.spec.selector !== undefined || this.#index.isOnly(pools);
        for (const pool of pools) {
          const rules = this.#rulesOf(pool);
          rules.included.push(compiled);
          if (naming) rules.named?.add(rule.client);
        }
        return;
      }
      case 'MAX': {
        const { count, client } = rule;
        const all = client.name === 'ALL_USERS';
        const user = all ? undefined : userOf(client);
        const compiled = { line, count, user, keyOf: this.#keyOf(client) };
        for (const pool of pools) this.#rulesOf(pool).limits.push(compiled);
        return;
      }
      case 'RESERVE':
        return this.#reserve(line, rule, pools);
      case 'MAX_OVERDRAFT':
        for (const pool of pools) this.#rulesOf(pool).overdraftMax = rule.count;
        return;
    }
  }

  #keyOf(client: ClientSpec): MaxRule['keyOf'] {
    const { type, name } = client;
    const tests = this.#tests;
    if (type === 'USER' && name === 'ALL_USERS') return ({ user }) => user;
    if (type === 'GROUP' && name === 'ALL_GROUPS') return ({ user }) => tests.firstGroupOf(user);
    const matches = tests.test(client);
    return (asking) => (matches(asking) ? '' : undefined);
  }

  /** Takes seats of the pools in trying order, as long as there are any: surplus is ignored. */
  #reserve(
    line: OptionsRule,
    { count, client }: { readonly count: number; readonly client: ClientSpec },
    pools: readonly PoolDefinition[],
  ): void {
    const rule = clientRule(line, client, this.#tests);
    let wanted = count;
    for (const pool of pools) {
      const free = this.#unreserved.get(pool) ?? seatsOf(pool);
      const taken = Math.min(wanted, free);
      if (taken <= 0) continue;
      this.#unreserved.set(pool, free - taken);
      this.#rulesOf(pool).reservations.push({ ...rule, client, count: taken });
      wanted -= taken;
    }
  }

  #rulesOf(pool: PoolDefinition): Growing {
    const known = this.#byPool.get(pool);
    if (known !== undefined) return known;
    const rules = this.#emptyRules();
    this.#byPool.set(pool, rules);
    return rules;
  }

  #emptyRules(): Growing {
    return {
      excludedFromAll: this.#excludedFromAll,
      excluded: [],
      includedInAll: this.#includedInAll,
      included: [],
      named: undefined,
      limits: [],
      reservations: [],
      overdraftMax: Number.POSITIVE_INFINITY,
    };
  }

  finish(): SeatRules {
    const rules = new Map<string, PoolRules>();
    for (const [{ id }, each] of this.#byPool) rules.set(id, each);
    if (this.#excludedFromAll.length === 0 && this.#includedInAll.length === 0) return rules;
    const forAll = this.#emptyRules();
    for (const { id } of this.#definitions) if (!rules.has(id)) rules.set(id, forAll);
    return rules;
  }
}

/** All seats of a pool's lines, started or not: what reservations may share. */
function seatsOf({ counted, lines }: PoolDefinition): number {
  return counted ? lines.reduce((sum, { count }) => sum + count, 0) : 0;
}
