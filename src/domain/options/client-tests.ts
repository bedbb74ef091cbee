import type { ClientSpec, ClientType, OptionsRule } from './model.ts';
import { Addresses, HostNames, type Names, type RuleClient, UserNames } from './names.ts';

/** True for the clients that a line is about. */
export type ClientTest = (client: RuleClient) => boolean;

/** How an options file wants names compared, wherever in the file it says so. */
interface NameMatching {
  /** GROUPCASEINSENSITIVE: members of groups of either kind match in any case. */
  readonly foldMembers: boolean;
  /** FQDN_MATCHING lenient. */
  readonly lenient: boolean;
}

/**
 * The groups of an options file, and the tests for who a rule is about. Names are case-sensitive but for
 * GROUPCASEINSENSITIVE. Lines of one group add up; a group that is not defined has no members. A member is
 * looked up, not searched for, however large the group.
 * Source: LAG, "GROUP", "HOST_GROUP", "Specifying License Restrictions Using Type". unverified: that
 * GROUPCASEINSENSITIVE is in force for lines above it too, and that the last one wins.
 */
export class ClientTests {
  readonly #matching: NameMatching;
  readonly #members: Readonly<Record<'GROUP' | 'HOST_GROUP', ReadonlyMap<string, string[]>>>;
  readonly #groups = new Map<string, ClientTest>();
  #firstGroups: ReadonlyMap<string, string> | undefined;

  constructor(rules: readonly OptionsRule[]) {
    this.#matching = matchingOf(rules);
    this.#members = {
      GROUP: membersOf(rules, 'GROUP'),
      HOST_GROUP: membersOf(rules, 'HOST_GROUP'),
    };
  }

  test({ type, name }: ClientSpec): ClientTest {
    return testMakers[type](name, this);
  }

  /** The names a group adds up to, in file order; none if it is not defined. */
  members(type: 'GROUP' | 'HOST_GROUP', name: string): readonly string[] {
    return this.#members[type].get(name) ?? [];
  }

  /** No names yet; members of groups may match in any case where single names do not. */
  newNames(type: 'GROUP' | 'HOST_GROUP', asMembers: boolean): Names {
    const { foldMembers, lenient } = this.#matching;
    const fold = asMembers && foldMembers;
    return type === 'GROUP' ? new UserNames({ fold }) : new HostNames({ fold, lenient });
  }

  /** One test a group, however many lines name it. */
  group(type: 'GROUP' | 'HOST_GROUP', name: string): ClientTest {
    const key = `${type} ${name}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const names = this.newNames(type, true);
    for (const member of this.members(type, name)) names.add(member);
    const test: ClientTest = (client) => names.has(client);
    this.#groups.set(key, test);
    return test;
  }

  #memberKey(name: string): string {
    return this.#matching.foldMembers ? name.toLowerCase() : name;
  }

  /** The first GROUP of the file that a user is in: whom `GROUP ALL_GROUPS` counts the user with. */
  firstGroupOf(user: string): string | undefined {
    this.#firstGroups ??= this.#fileFirstGroups();
    return this.#firstGroups.get(this.#memberKey(user));
  }

  #fileFirstGroups(): ReadonlyMap<string, string> {
    const first = new Map<string, string>();
    for (const [group, members] of this.#members.GROUP) {
      for (const member of members) {
        const key = this.#memberKey(member);
        if (!first.has(key)) first.set(key, group);
      }
    }
    return first;
  }
}

const testMakers: Readonly<Record<ClientType, (name: string, tests: ClientTests) => ClientTest>> = {
  USER: (name) => (client) => client.user === name,
  HOST: (name, tests) => {
    const names = tests.newNames('HOST_GROUP', false);
    names.add(name);
    return (client) => names.has(client);
  },
  DISPLAY: (name) => (client) => client.display === name,
  INTERNET: (name) => {
    const addresses = new Addresses();
    addresses.add(name);
    return (client) => addresses.has(client);
  },
  PROJECT: (name) => (client) => client.project === name,
  GROUP: (name, tests) => tests.group('GROUP', name),
  HOST_GROUP: (name, tests) => tests.group('HOST_GROUP', name),
};

function matchingOf(rules: readonly OptionsRule[]): NameMatching {
  let foldMembers = false;
  let lenient = false;
  for (const { rule } of rules) {
    if (rule.keyword === 'GROUPCASEINSENSITIVE') foldMembers = rule.on;
    if (rule.keyword === 'FQDN_MATCHING') lenient = rule.lenient;
  }
  return { foldMembers, lenient };
}

function membersOf(
  rules: readonly OptionsRule[],
  type: 'GROUP' | 'HOST_GROUP',
): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { rule } of rules) {
    if (rule.keyword !== type) continue;
    const members = groups.get(rule.name);
    if (members === undefined) groups.set(rule.name, [...rule.members]);
    // Not push(...): a line may have more words than a call may have arguments.
    else for (const member of rule.members) members.push(member);
  }
  return groups;
}
