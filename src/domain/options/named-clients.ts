import type { PoolDefinition } from '../license/pool-definition.ts';
import type { ClientTests } from './client-tests.ts';
import type { ClientSpec, ClientType } from './model.ts';
import type { Names, RuleClient } from './names.ts';

/** The two kinds of named pools: which lines name somebody for them. */
interface Basis {
  readonly single: ClientType;
  readonly group: 'GROUP' | 'HOST_GROUP';
}

const userBased: Basis = { single: 'USER', group: 'GROUP' };
const hostBased: Basis = { single: 'HOST', group: 'HOST_GROUP' };

/**
 * Those whom INCLUDE lines name for a USER_BASED or HOST_BASED pool, in file order, members for groups, up to
 * the number the license line allows; whoever comes behind is not named.
 * Sources: LAG, "FEATURE and INCREMENT Lines"; error list, -84. unverified: that surplus names are ignored
 * rather than all refused, and that INCLUDEALL names as INCLUDE does.
 */
export class NamedClients {
  readonly #basis: Basis;
  readonly #namesMax: number;
  readonly #tests: ClientTests;
  readonly #known = new Set<string>();
  readonly #singles: Names;
  readonly #members: Names;

  private constructor(basis: Basis, namesMax: number, tests: ClientTests) {
    this.#basis = basis;
    this.#namesMax = namesMax;
    this.#tests = tests;
    this.#singles = tests.newNames(basis.group, false);
    this.#members = tests.newNames(basis.group, true);
  }

  /** Undefined for a pool that asks for no names. */
  static of(pool: PoolDefinition, tests: ClientTests): NamedClients | undefined {
    const { userBased: users, hostBased: hosts } = pool.lines[0]!.attributes;
    const allowed = users ?? hosts;
    if (allowed === undefined) return undefined;
    const seats = pool.lines.reduce((sum, { count }) => sum + count, 0);
    return new NamedClients(users === undefined ? hostBased : userBased, allowed || seats, tests);
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  add({ type, name }: ClientSpec): void {
    const { single, group } = this.#basis;
    if (type === single) this.#add(name, this.#singles);
    if (type !== group) return;
    for (const member of this.#tests.members(group, name)) this.#add(member, this.#members);
  }

  #add(name: string, names: Names): void {
    if (this.#known.size >= this.#namesMax && !this.#known.has(name)) return;
    this.#known.add(name);
    names.add(name);
  }

  has(client: RuleClient): boolean {
    return this.#singles.has(client) || this.#members.has(client);
  }
}
