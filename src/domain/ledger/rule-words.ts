import type { OptionsRule } from '../options/model.ts';
import type { ClientRule, PoolRules } from '../options/rules.ts';
import type { DenialId } from './denials.ts';
import { limitFor } from './max-limits.ts';
import type { Client } from './model.ts';
import { idleReservations } from './reservations.ts';
import { reservedFromOthers, serialLeft, serialNeed } from './serials.ts';
import type { Trial } from './trials.ts';

/** What a rule says of one request before one pool, and the line it stands on. */
export interface Words {
  readonly text: string;
  readonly by?: OptionsRule | 'license';
}

const enoughUnreserved: Words = {
  text: 'what is reserved for others of its serial number leaves enough, or the next rule counts',
};

type Tell = (trial: Trial, refuses: boolean) => Words;

/** One entry a row of the denial table: what the rule says when it refuses, and when it lets pass. */
export const ruleWords: Readonly<Record<DenialId, Tell>> = {
  badCount: ({ request: { count } }, refuses) => ({
    text: refuses ? `${count} is no number of seats` : `${seats(count)} asked for`,
  }),
  badVersion: ({ request: { version } }, refuses) => ({
    text: refuses ? `"${version}" is no version` : versionAsked(version),
  }),
  badPackage: ({ pool }) => ({
    text: `${pool.definition.package!.name} is a PACKAGE whose line is no use`,
    by: 'license',
  }),
  onlyPackage: ({ pool: { feature } }, refuses) => ({
    text: refuses
      ? `${feature} is a suite, whose seats go out with those of its components only`
      : `${feature} is the suite, whose seats go out with the component's`,
    by: 'license',
  }),
  clocksDiffer: ({ request: { skewMs } }, refuses) => ({
    text:
      skewMs === undefined
        ? 'nothing tells that the clocks differ'
        : `the client's clock is ${hours(Math.abs(skewMs))} off${refuses ? ': too far' : ''}`,
  }),
  clockSetBack: (_trial, refuses) => ({
    text: refuses ? "the server's clock was set back" : "the server's clock was not set back",
  }),
  notStarted: ({ pool }, refuses) => ({
    text: refuses ? `starts on ${startOf(pool.definition.lines[0]!)}` : 'has started',
    by: 'license',
  }),
  expired: ({ pool }, refuses) => {
    const { text } = pool.definition.lines[0]!.expiry;
    return { text: refuses ? `expired on ${text}` : `expires: ${text}`, by: 'license' };
  },
  floatOkDongle: () => ({
    text: 'FLOAT_OK with a HOSTID= that does not name exactly one dongle',
    by: 'license',
  }),
  hostid: ({ pool, request: { client } }, refuses) => ({
    text: `locked to ${list(pool.hostids ?? [])}, which ${client.host} is${refuses ? ' not' : ''}`,
    by: 'license',
  }),
  floatOkServer: ({ request: { client } }, refuses) => ({
    text: `FLOAT_OK: ${client.host} is ${refuses ? '' : 'not '}the license server itself`,
    by: 'license',
  }),
  remoteDesktop: (_trial, refuses) => ({
    text: refuses
      ? 'a remote-desktop session, and the line has no TS_OK'
      : 'no remote-desktop session',
    by: 'license',
  }),
  otherSession: (_trial, refuses) => ({
    text: refuses
      ? 'ONE_TS_OK, and another remote-desktop session has it'
      : 'ONE_TS_OK, and no other remote-desktop session has it',
    by: 'license',
  }),
  platform: ({ pool, request: { client } }, refuses) => ({
    text: `for ${list(pool.platforms ?? [])}, which ${client.platform} is${refuses ? ' not' : ''}`,
    by: 'license',
  }),
  version: ({ pool, request: { version } }, refuses) => ({
    text: `licensed up to version ${pool.version}, ${versionAsked(version)}${refuses ? ': newer' : ''}`,
    by: 'license',
  }),
  excluded: ({ pool: { rules }, request: { client } }) => {
    const found = [...rules!.excludedFromAll, ...rules!.excluded].find((rule) =>
      rule.matches(client),
    );
    const text = found ? `excludes ${who(client)}` : `no EXCLUDE line is about ${who(client)}`;
    return { text, ...(found && { by: found.line }) };
  },
  notIncluded: ({ pool: { rules }, request: { client } }) => includeWords(rules!, client),
  nobodyNamed: ({ pool: { feature } }) => ({
    text: `for named users or hosts only, and no INCLUDE line names any for ${feature}`,
    by: 'license',
  }),
  notBorrowable: () => ({ text: 'no license line of it says BORROW', by: 'license' }),
  borrowExcluded: ({ pool: { borrow }, request: { client } }) => {
    const by = firstAbout(borrow!.excluded, client);
    if (by === undefined) return { text: `no EXCLUDE_BORROW line is about ${who(client)}` };
    return { text: `excludes ${who(client)} from borrowing`, by };
  },
  borrowNotIncluded: ({ pool: { borrow }, request: { client } }) => {
    const by = firstAbout(borrow!.included, client);
    if (by !== undefined) return { text: `lets ${who(client)} borrow`, by };
    return { text: `lets others borrow, not ${who(client)}`, by: borrow!.included[0]!.line };
  },
  borrowOver: (_trial, refuses) => ({
    text: refuses ? 'the end of the borrow has passed' : 'the end of the borrow is to come',
  }),
  borrowTooLong: ({ pool: { borrow }, request: { borrowUntil = 0 }, now }, refuses) => {
    const asked = `${hours(borrowUntil - now)} asked for, at most ${hours(borrow!.longestMs)}`;
    return { text: `${asked}${refuses ? ': too long' : ''}`, by: 'license' };
  },
  maxReached: ({ pool: { maxLimits }, request: { client }, added }, refuses) => {
    const limited = limitFor(maxLimits, client);
    if (limited === undefined) return { text: `no MAX line is about ${who(client)}` };
    const { limit, key } = limited;
    const out = `${limit.seatsOf(key)} of at most ${limit.rule.count} out`;
    return {
      text: `${out}, ${added} more ${refuses ? 'are too many' : 'fit'}`,
      by: limit.rule.line,
    };
  },
  tooMany: ({ count, capacity }, refuses) => ({
    text: `${seats(count)} of ${capacity}${refuses ? ': more than there are' : ''}`,
    by: 'license',
  }),
  allReserved: ({ pool, issued, capacity, added, request: { client } }, refuses) => {
    const other = idleReservations(pool.reservations, issued).find(
      ({ reservation }) => !reservation.rule.matches(client),
    );
    const free = Math.max(0, capacity - pool.used);
    const held = other ? 'reserved for others' : 'held for others';
    return {
      text: refuses
        ? `${free} free, but too many of them ${held} to give ${added}`
        : `what is reserved for others leaves enough, or the next rule counts`,
      ...(other && { by: other.reservation.rule.line }),
    };
  },
  allInUse: ({ pool: { used }, capacity, added, count }, refuses) => {
    const shared = count > added ? `, ${count - added} shared with seats it has` : '';
    const out = `${used} of ${capacity} in use, ${added} more asked for${shared}`;
    return { text: `${out}${refuses ? ': too few are free' : ''}`, by: 'license' };
  },
  serialReserved: (trial, refuses) => {
    const [other] = reservedFromOthers(trial.pool.serial!, trial.request.client);
    const { text } = refuses ? serialWords(trial, refuses) : enoughUnreserved;
    return { text, ...(other && { by: other.line }) };
  },
  serialInUse: (trial, refuses) => serialWords(trial, refuses),
  borrowLowWater: ({ pool: { borrow, borrowed } }, refuses) => {
    const out = `${borrowed?.count ?? 0} borrowed, ${borrow!.lowWater} must stay`;
    return { text: `${out}${refuses ? ': none is left to borrow' : ''}` };
  },
  othersWait: (_trial, refuses) => ({
    text: refuses ? 'others wait for it, and came first' : 'nobody waits before it',
  }),
};

/** What others have and hold of a serial number, whose seats its features share. */
function serialWords(trial: Trial, refuses: boolean): Words {
  const { request, now } = trial;
  const serial = trial.pool.serial!;
  const name = `serial number ${serial.serialNumber}`;
  const needed = serialNeed(trial);
  if (needed === 0) {
    return { text: `${who(request.client)} needs no other seat of ${name}`, by: 'license' };
  }
  const { capacity } = serial.roomAt(now);
  const { held } = serialLeft(trial, serial);
  const reserved = held > 0 ? `, ${held} reserved for others` : '';
  const out = `${name}: ${serial.holders.seats} of ${capacity} in use${reserved}`;
  return {
    text: `${out}, ${needed} more asked for${refuses ? ': too few are free' : ''}`,
    by: 'license',
  };
}

function hours(ms: number): string {
  return `${Math.round((ms / 3_600_000) * 10) / 10} h`;
}

function includeWords(rules: PoolRules, client: Client): Words {
  const { includedInAll, included, named } = rules;
  for (const lines of [includedInAll, included]) {
    const found = lines.find((rule) => rule.matches(client));
    const failing = lines.length > 0 && found === undefined;
    if (failing) return { text: `includes others, not ${who(client)}`, by: lines[0]!.line };
  }
  if (named !== undefined && !named.has(client)) {
    return { text: `for named users or hosts only, not ${who(client)}`, by: 'license' };
  }
  const by = firstAbout([...included, ...includedInAll], client);
  if (by === undefined) return { text: 'no INCLUDE line limits it' };
  return { text: `includes ${who(client)}`, by };
}

function firstAbout(rules: readonly ClientRule[], client: Client): OptionsRule | undefined {
  return rules.find((rule) => rule.matches(client))?.line;
}

function who({ user, host }: Client): string {
  return `${user}@${host}`;
}

function seats(count: number): string {
  return count === 1 ? '1 seat' : `${count} seats`;
}

function versionAsked(version: string): string {
  return /^[0.]*$/.test(version) ? 'any version asked for' : `version ${version} asked for`;
}

function list(words: readonly string[]): string {
  return words.join(' or ');
}

function startOf({
  attributes,
}: {
  readonly attributes: {
    readonly start?: { readonly year: number; readonly month: number; readonly day: number };
  };
}): string {
  const { start } = attributes;
  if (start === undefined) return 'a day to come';
  const { year, month, day } = start;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
