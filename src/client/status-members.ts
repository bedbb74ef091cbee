import { sameName } from '../base/names.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Dialogue } from './context.ts';
import type { Greeted } from './greeting.ts';
import type { Endpoint, ServerAddress } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { isRefused } from './refused.ts';
import type { ManagerFacts, ServerFacts } from './status-facts.ts';
import { isRefusal } from './status-source.ts';

/** One host of a license server: who answered there, or why nobody did. */
export interface Member {
  readonly address: ServerAddress;
  /** Where it stood in the list that was asked, from 0. */
  readonly place: number;
  readonly line?: ManagerLine;
  readonly facts?: ManagerFacts;
  readonly refusal?: Refusal;
}

export type AnsweringMember = Required<Pick<Member, 'line' | 'facts'>> & Member;

/** Whether it has told what it has. */
export function isAnswering(member: Member): member is AnsweringMember {
  return member.facts !== undefined;
}

/** Members of a triad. */
const HOSTS_MAX = 3;

/**
 * Asks every host. A host that turns out to be one of a triad brings in the others, as its license file names
 * them.
 */
export async function readMembers(
  hosts: readonly ServerAddress[],
  dialogue: Dialogue,
): Promise<readonly Member[]> {
  const members = await Promise.all(
    hosts.map((address, place) => readMember(address, place, dialogue)),
  );
  const [only] = members;
  const servers = only?.facts?.servers ?? [];
  if (members.length !== 1 || servers.length < 2 || !only || !isAnswering(only)) return members;
  const own = ownLine(only);
  return Promise.all(
    servers.slice(0, HOSTS_MAX).map((server, place) => {
      if (server === own) return { ...only, place };
      const { host, port } = server;
      return readMember({ host, ports: [port] }, place, dialogue);
    }),
  );
}

async function readMember(
  address: ServerAddress,
  place: number,
  dialogue: Dialogue,
): Promise<Member> {
  const line = await ManagerLine.open(address, dialogue);
  if (isRefused(line)) return { address, place, refusal: line.refusal };
  const { greeted } = line;
  const facts = await (greeted.own ? readOwn(greeted) : readPublic(greeted, dialogue));
  if (!isRefusal(facts)) return { address, place, line, facts };
  line.close();
  return { address, place, refusal: facts };
}

// Each protocol is loaded when a server speaks it: a status program lives for milliseconds.
async function readOwn(manager: Greeted) {
  return (await import('./status-own.ts')).readOwnManager(manager);
}

async function readPublic(manager: Greeted, dialogue: Dialogue) {
  return (await import('./status-public.ts')).readPublicManager(manager, dialogue);
}

/**
 * The member's own SERVER line: that of a name it goes by, and of its port where a name comes twice; else the
 * only one of its port; else the one in its place, as the hosts of a triad are listed in the file's order.
 */
function ownLine({ line, address, facts, place }: AnsweringMember): ServerFacts | undefined {
  const { servers } = facts;
  const atPort = servers.filter(({ port }) => port === line.endpoint.port);
  for (const name of [address.host, line.greeted.greetedHost, facts.host ?? '']) {
    const named = servers.filter(({ host }) => sameName(host, name));
    const own = named.length === 1 ? named[0] : named.find((server) => atPort.includes(server));
    if (own) return own;
  }
  return atPort.length === 1 ? atPort[0] : (servers[place] ?? servers[0]);
}

/** Its own SERVER line is the master's; so is a server alone that tells of none. */
export function saysMaster(member: AnsweringMember): boolean {
  return ownLine(member)?.master ?? member.facts.servers.length === 0;
}

/**
 * The server as its SERVER line names it, at the port that answered: the name that lmstat prints wherever it
 * names a server, whatever it was asked by. Source: Citrix, "Determining Licensing Status": `-c @localhost`
 * tells of `27000@license_server1`.
 */
export function endpointOf(member: AnsweringMember): Endpoint {
  const { line, address, facts } = member;
  const written = ownLine(member)?.host ?? '';
  const { greetedHost } = line.greeted;
  const isName = written !== '' && written.toLowerCase() !== 'this_host';
  const host = isName
    ? written
    : facts.servers.length > 0 && greetedHost
      ? greetedHost
      : address.host;
  return { host, port: line.endpoint.port };
}
