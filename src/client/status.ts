import type { Refusal } from '../base/refusal.ts';
import type {
  FailureSection,
  HostStatus,
  LmstatReport,
  LmstatSection,
} from '../text/lmstat-report.ts';
import { addressText, type ServerAddress } from './license-path.ts';
import type { Endpoint } from './manager-link.ts';
import type { ManagerFacts } from './status-facts.ts';
import { ManagerLine, openManager, type Session } from './status-session.ts';
import {
  type AskOptions,
  isRefusal,
  type StatusOptions,
  type StatusSource,
} from './status-source.ts';
import { readVendors } from './status-vendors.ts';

export interface StatusReport extends LmstatReport {
  /** What a status program ends with: the first server that could not be asked, or that a feature is nowhere. */
  readonly refusal?: Refusal;
}

/** Members of a triad. */
const HOSTS_MAX = 3;

/**
 * Asks every source and gathers the report lmstat prints. Each source is a section: a triad is one, and so is
 * a server that cannot be reached. Nothing a server says makes this throw.
 */
export async function readStatus(
  sources: readonly StatusSource[],
  options: StatusOptions,
): Promise<StatusReport> {
  const sections: LmstatSection[] = [];
  let failed: Refusal | undefined;
  let missing: Refusal | undefined;
  for (const source of sources) {
    const { section, refusal } = await readSection(source, options);
    sections.push(section);
    if (section.kind === 'failure') failed ??= refusal;
    else if (refusal) missing ??= refusal;
  }
  const found = sections.some((section) => section.kind === 'server') && missing === undefined;
  const refusal = failed ?? (found ? undefined : missing);
  const { at, program } = options;
  return { at, program, sections, ...(refusal ? { refusal } : {}) };
}

/** A section, and why it lacks what was asked for. */
interface SectionResult {
  readonly section: LmstatSection;
  readonly refusal?: Refusal;
}

/** One SERVER line: who answered there, or why nobody did. */
interface Member {
  readonly address: ServerAddress;
  readonly session?: Session;
  readonly facts?: ManagerFacts;
  readonly refusal?: Refusal;
}

type AnsweringMember = Required<Pick<Member, 'session' | 'facts'>> & Member;

async function readSection(source: StatusSource, options: StatusOptions): Promise<SectionResult> {
  if (source.kind === 'unusable') {
    const { step, refusal } = source;
    return { section: { kind: 'failure', step, refusal }, refusal };
  }
  const members = await readMembers(source.hosts, options);
  try {
    const answering = members.filter(isAnswering);
    const [first] = answering;
    if (!first) return failureOf(members, source.licensed !== undefined);
    const master = answering.find((member) => isMaster(member, members)) ?? first;
    return await serverSection(members, master, source, options);
  } finally {
    for (const { session } of members) session?.connection.close();
  }
}

function isAnswering(member: Member): member is AnsweringMember {
  return member.facts !== undefined;
}

async function serverSection(
  members: readonly Member[],
  master: AnsweringMember,
  source: Extract<StatusSource, { kind: 'server' }>,
  options: StatusOptions,
): Promise<SectionResult> {
  const endpoint = endpointOf(master);
  const line = new ManagerLine(master.session, options);
  const manager = { line, facts: master.facts, endpoint };
  const { vendors, refusal } = await readVendors(manager, source.licensed ?? [], options);
  line.close();
  const section: LmstatSection = {
    kind: 'server',
    address: {
      spec: members.map(specOf).join(','),
      licenseFiles: { host: endpoint.host, paths: master.facts.licensePaths },
    },
    hosts: members.map((member) => hostStatus(member, members)),
    masterHost: endpoint.host,
    vendors,
  };
  return { section, ...(refusal ? { refusal } : {}) };
}

/**
 * Asks every host. A host that turns out to be one of a triad brings in the others, as its license file names
 * them.
 */
async function readMembers(
  hosts: readonly ServerAddress[],
  options: AskOptions,
): Promise<readonly Member[]> {
  const members = await Promise.all(hosts.map((address) => readMember(address, options)));
  const [only] = members;
  const servers = only?.facts?.servers ?? [];
  if (members.length !== 1 || servers.length < 2 || !only) return members;
  const self = selfIndex(only, servers);
  return Promise.all(
    servers.slice(0, HOSTS_MAX).map(({ host, port }, index) => {
      return index === self ? only : readMember({ host, ports: [port] }, options);
    }),
  );
}

/** Which of the SERVER lines a member is: the one of its port, where that tells them apart, else by name. */
function selfIndex({ session, address }: Member, servers: ManagerFacts['servers']): number {
  const names = [session?.greetedHost, address.host].map((name) => name?.toLowerCase());
  const byName = servers.findIndex(({ host }) => names.includes(host.toLowerCase()));
  if (byName >= 0) return byName;
  return Math.max(
    servers.findIndex(({ port }) => port === session?.address.port),
    0,
  );
}

async function readMember(address: ServerAddress, options: AskOptions): Promise<Member> {
  const session = await openManager(address, options);
  if (isRefusal(session)) return { address, refusal: session };
  const facts = await (session.own ? readOwn(session) : readPublic(session, options));
  if (!isRefusal(facts)) return { address, session, facts };
  session.connection.close();
  return { address, refusal: facts };
}

// Each protocol is loaded when a server speaks it: a status program lives for milliseconds.
async function readOwn(session: Session) {
  return (await import('./status-own.ts')).readOwnManager(session);
}

async function readPublic(session: Session, options: AskOptions) {
  return (await import('./status-public.ts')).readPublicManager(session, options);
}

/** A server alone is its own master; of several, the one whose own SERVER line says so. */
function isMaster(member: AnsweringMember, members: readonly Member[]): boolean {
  if (members.length === 1) return true;
  return member.facts.servers[members.indexOf(member)]?.master ?? false;
}

function hostStatus(member: Member, members: readonly Member[]): HostStatus {
  const { host: name } = member.address;
  if (isAnswering(member)) {
    const master = isMaster(member, members);
    return { name, state: 'up', master, version: member.facts.version };
  }
  return { name, state: 'unreachable', refusal: member.refusal ?? { major: -15, minor: 570 } };
}

/** As the caller knows the server; the port is the one that answered. */
function endpointOf({ address, session }: AnsweringMember): Endpoint {
  return { host: address.host, port: session.address.port };
}

function specOf(member: Member): string {
  if (!isAnswering(member)) return addressText(member.address);
  const { host, port } = endpointOf(member);
  return addressText({ host, ports: [port] });
}

/** No host answered. What a license file named is told as `lmgrd is not running`. */
function failureOf(members: readonly Member[], fromFile: boolean): SectionResult {
  const refusal = members[0]?.refusal ?? { major: -13, minor: 66 };
  const section: FailureSection = fromFile
    ? {
        kind: 'failure',
        step: 'reachingLmgrd',
        refusal,
        address: { spec: members.map(specOf).join(',') },
      }
    : { kind: 'failure', step: 'gettingStatus', refusal };
  return { section, refusal };
}
