import type { Refusal } from '../base/refusal.ts';
import { addressText, type PathElement, type ServerAddress } from '../client/license-path.ts';
import type { ManagerFacts } from '../client/status-facts.ts';
import { readOwnManager } from '../client/status-own.ts';
import { ManagerLine, openManager, refusalOf, type Session } from '../client/status-session.ts';
import { type AskOptions, isRefusal } from '../client/status-source.ts';
import { OWN_VERSION } from '../wire/messages/own.ts';
import { statusSources } from './sources.ts';

/** A license manager that takes an administrator's commands. */
export interface AdminManager {
  readonly line: ManagerLine;
  readonly facts: ManagerFacts;
  /** `27000@alpha` */
  readonly spec: string;
}

/** Another maker's server: how it takes these commands is not public. */
const notOurs: Refusal = { major: -85, minor: 1 };

/** Connects to a manager for administration. */
export async function openAdmin(
  address: ServerAddress,
  options: AskOptions,
): Promise<AdminManager | Refusal> {
  const session = await openManager(address, options);
  if (isRefusal(session)) return session;
  const facts = session.own ? await readOwnManager(session) : notOurs;
  if (isRefusal(facts)) {
    session.connection.close();
    return facts;
  }
  const spec = addressText({ host: address.host, ports: [session.address.port] });
  return { line: new ManagerLine(session, options), facts, spec };
}

/** The servers of a license path, each as the hosts of its triad or its only host; or why there are none. */
export async function serversOf(
  path: readonly PathElement[],
): Promise<readonly (readonly ServerAddress[])[] | Refusal> {
  const sources = await statusSources(path);
  const servers = sources.flatMap((source) => (source.kind === 'server' ? [source.hosts] : []));
  if (servers.length > 0) return servers;
  const unusable = sources.find((source) => source.kind === 'unusable');
  return unusable?.refusal ?? { major: -1, minor: 359 };
}

/** Named words of a command; those without a value are left out. */
export type AdminWords = Readonly<Record<string, string | undefined>>;

/** Sends a command to a manager or daemon; undefined when it was done. */
export async function command(
  session: Session,
  verb: string,
  words: AdminWords,
  { caller }: AskOptions,
): Promise<Refusal | undefined> {
  // lmremove's `user` and `host` are those whose license it is.
  const all = { user: caller.user, host: caller.host, ...words };
  const answer = await session.connection.ask('adminRequest', {
    ownVersion: OWN_VERSION,
    tag: 1,
    verb,
    words: Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value }],
    ),
  });
  return answer.kind === 'adminAnswer' ? undefined : refusalOf(answer);
}

/** The same for the manager behind `line`. */
export async function commandManager(
  { line }: AdminManager,
  verb: string,
  words: AdminWords,
  options: AskOptions,
): Promise<Refusal | undefined> {
  const manager = await line.manager();
  return isRefusal(manager) ? manager : command(manager, verb, words, options);
}
