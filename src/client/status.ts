import { sameName } from '../base/names.ts';
import type { Refusal } from '../base/refusal.ts';
import type {
  FailureSection,
  HostStatus,
  LmstatReport,
  LmstatSection,
  ServerSection,
} from '../text/lmstat-report.ts';
import { addressText } from './license-path.ts';
import {
  type AnsweringMember,
  endpointOf,
  isAnswering,
  type Member,
  readMembers,
  saysMaster,
} from './status-members.ts';
import type { StatusOptions, StatusSource } from './status-source.ts';
import { readVendors } from './status-vendors.ts';

export interface StatusReport extends LmstatReport {
  /** What a status program ends with: the first server that could not be asked, or that a feature is nowhere. */
  readonly refusal?: Refusal;
}

/**
 * Asks every source and gathers the report lmstat prints. Each source is a section: a triad is one, and so is
 * a server that cannot be reached. Nothing a server says makes this throw.
 */
export async function readStatus(
  sources: readonly StatusSource[],
  options: StatusOptions,
): Promise<StatusReport> {
  const results: SectionResult[] = [];
  for (const source of sources) {
    const result = await readSection(source, options);
    if (isOfServer(result, options.server)) results.push(result);
  }
  if (results.length === 0 && options.server !== undefined)
    results.push(noSuchServer(options.server));
  addMissingVendor(results, options);
  const { at, program } = options;
  const sections = results.map(({ section }) => section);
  const refusal = refusalOfAll(results);
  return { at, program, sections, ...(refusal ? { refusal } : {}) };
}

/** A section, and why it lacks what was asked for. */
interface SectionResult {
  section: LmstatSection;
  readonly refusal?: Refusal;
  /** The hosts as the caller named them. */
  readonly asked: readonly string[];
}

/** A server that could not be asked; else, where no server had it, what is missing. */
function refusalOfAll(results: readonly SectionResult[]): Refusal | undefined {
  const failed = results.find(({ section }) => section.kind === 'failure');
  if (failed) return failed.refusal;
  return results.every(({ refusal }) => refusal !== undefined) ? results[0]?.refusal : undefined;
}

async function readSection(source: StatusSource, options: StatusOptions): Promise<SectionResult> {
  if (source.kind === 'unusable') {
    const { step, refusal } = source;
    return { section: { kind: 'failure', step, refusal }, refusal, asked: [] };
  }
  const members = await readMembers(source.hosts, options);
  const asked = source.hosts.map(({ host }) => host);
  try {
    const answering = members.filter(isAnswering);
    const [first] = answering;
    if (!first) return { ...failureOf(members, source.licensed !== undefined), asked };
    const master = members.length === 1 ? first : answering.find(saysMaster);
    const { vendors, refusal } = await readVendors(
      { ...(master ?? first), endpoint: endpointOf(master ?? first) },
      source.licensed ?? [],
      options,
    );
    const section = { ...serverSection(members, master, first), vendors };
    return { section, asked, ...(refusal ? { refusal } : {}) };
  } finally {
    for (const { line } of members) line?.close();
  }
}

function serverSection(
  members: readonly Member[],
  master: AnsweringMember | undefined,
  first: AnsweringMember,
): Omit<ServerSection, 'vendors'> {
  const { host } = endpointOf(master ?? first);
  return {
    kind: 'server',
    address: {
      spec: members.map(specOf).join(','),
      licenseFiles: { host, paths: (master ?? first).facts.licensePaths },
    },
    hosts: members.map((member) => hostStatus(member, member === master)),
    masterHost: host,
  };
}

function hostStatus(member: Member, master: boolean): HostStatus {
  if (isAnswering(member)) {
    return { name: endpointOf(member).host, state: 'up', master, version: member.facts.version };
  }
  const { address, refusal = { major: -15, minor: 570 } } = member;
  return { name: address.host, state: 'unreachable', refusal };
}

function specOf(member: Member): string {
  if (!isAnswering(member)) return addressText(member.address);
  const { host, port } = endpointOf(member);
  return addressText({ host, ports: [port] });
}

/** No host answered. What a license file named is told as `lmgrd is not running`. */
function failureOf(
  members: readonly Member[],
  fromFile: boolean,
): { readonly section: FailureSection; readonly refusal: Refusal } {
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

/** -s: whether a section tells of this server, by the name it was asked by or by that of its SERVER line. */
function isOfServer({ section, asked }: SectionResult, server: string | undefined): boolean {
  if (server === undefined) return true;
  const named = section.kind === 'server' ? section.hosts.map(({ name }) => name) : [];
  return [...asked, ...named].some((host) => sameName(host, server));
}

/** unverified: what lmstat says of a server that is none of the path; the words are ours. */
function noSuchServer(server: string): SectionResult {
  const sysText = `no license server of the path is on ${server}`;
  const refusal = { major: -96, minor: 7, sysText };
  return { section: { kind: 'failure', step: 'gettingStatus', refusal }, refusal, asked: [] };
}

/** What a manager says of a daemon that it does not have. Source: lmstat outputs, (-97,121). */
const NO_SUCH_VENDOR: Refusal = { major: -97, minor: 121 };

/** -S: a daemon that no server has is told as down, in the manager's own words. */
function addMissingVendor(results: SectionResult[], { vendor: name }: StatusOptions): void {
  if (name === undefined) return;
  const has = ({ section }: SectionResult): boolean =>
    section.kind === 'server' && section.vendors.length > 0;
  if (results.some(has)) return;
  for (const [index, result] of results.entries()) {
    const { section } = result;
    if (section.kind !== 'server') continue;
    const state = { kind: 'down', refusal: NO_SUCH_VENDOR } as const;
    const server = { host: section.masterHost, port: 0 };
    const vendors = [{ name, state, server, features: [] }];
    results[index] = { ...result, section: { ...section, vendors }, refusal: NO_SUCH_VENDOR };
  }
}
