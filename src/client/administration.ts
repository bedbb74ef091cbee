import type { Refusal } from '../base/refusal.ts';
import { OWN_VERSION } from '../wire/messages/own.ts';
import type { Dialogue } from './context.ts';
import type { Greeted } from './greeting.ts';
import { endpointText, type ServerAddress } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { isRefused, type Refused, refusedBy, senseless } from './refused.ts';
import type { ManagerFacts } from './status-facts.ts';
import { readOwnManager } from './status-own.ts';
import { isRefusal } from './status-source.ts';

/** A license manager that takes an administrator's commands. */
export interface AdminManager {
  readonly line: ManagerLine;
  readonly facts: ManagerFacts;
  /** `27000@alpha` */
  readonly spec: string;
}

/** Another maker's server: how it takes these commands is not public. */
const notOurs: Refusal = {
  major: -85,
  minor: 1,
  sysText: 'not fauxlm: how it takes this command is not public',
};

/** Connects to a manager for administration. */
export async function openAdmin(
  address: ServerAddress,
  dialogue: Dialogue,
): Promise<AdminManager | Refusal> {
  const line = await ManagerLine.open(address, dialogue);
  if (isRefused(line)) return line.refusal;
  const facts = line.greeted.own ? await readOwnManager(line.greeted) : notOurs;
  if (!isRefusal(facts)) return { line, facts, spec: endpointText(line.endpoint) };
  line.close();
  return facts;
}

/** Named words of a command; those without a value are left out. */
export type AdminWords = Readonly<Record<string, string | undefined>>;

/** Sends a command to a manager or daemon; undefined when it was done. */
export async function command(
  { connection }: Greeted,
  verb: string,
  words: AdminWords,
  { identity }: Dialogue,
): Promise<Refused | undefined> {
  // lmremove's `user` and `host` are those whose license it is.
  const all = { user: identity.user, host: identity.host, ...words };
  const answer = await connection.ask('adminRequest', {
    ownVersion: OWN_VERSION,
    tag: 1,
    verb,
    words: Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value }],
    ),
  });
  if (answer.kind === 'adminAnswer') return undefined;
  if (answer.kind === 'refused') return refusedBy(answer, 'manager');
  return senseless('client', `expected an answer to ${verb}, got ${answer.kind}`);
}

/** The same for the manager behind `line`. */
export async function commandManager(
  { line }: AdminManager,
  verb: string,
  words: AdminWords,
  dialogue: Dialogue,
): Promise<Refused | undefined> {
  const manager = await line.manager();
  return isRefused(manager) ? manager : command(manager, verb, words, dialogue);
}
