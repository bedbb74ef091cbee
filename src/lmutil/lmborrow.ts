import { KnownError } from '../base/errors.ts';
import { sameName } from '../base/names.ts';
import type { Refusal } from '../base/refusal.ts';
import { isFlexnetEnd, todayText } from '../client/borrow-ends.ts';
import { type BorrowedLicense, BorrowedLicenses } from '../client/borrowed-licenses.ts';
import { connectClient } from '../client/client.ts';
import { addressText } from '../client/license-path.ts';
import { isRefusal } from '../client/status-source.ts';
import { renderBorrowResult, renderBorrows } from '../text/lmutil-borrow.ts';
import { serversOf } from './admin.ts';
import type { FlagTable, FlagValues } from './flags.ts';
import type { LmutilIo } from './io.ts';
import { licensePath } from './sources.ts';
import { type Call, subcommand } from './subcommand.ts';

/** Source: LAG, "lmborrow"; End User Guide v10, ch. 8. */
const flags = {
  status: { takes: 'nothing', summary: 'list what is borrowed on this machine' },
  clear: { takes: 'nothing', summary: 'borrow nothing more; what is borrowed stays so' },
  purge: { takes: 'nothing', summary: 'forget what is over' },
  return: { takes: 'nothing', summary: 'give a license back before its end' },
  u: { takes: 'value', value: 'user', summary: 'with -return: whose it is' },
  h: { takes: 'value', value: 'host', summary: 'with -return: the host that borrowed it' },
  d: { takes: 'value', value: 'display', summary: 'with -return: accepted' },
  fqdn: { takes: 'nothing', summary: 'with -return: accepted, hosts are compared whole' },
  vendor: { takes: 'value', value: 'vendor', summary: 'with -return: of this vendor daemon' },
  bv: { takes: 'value', value: 'version', summary: 'with -return: of this version' },
} as const satisfies FlagTable;

type Flags = FlagValues<typeof flags> & { readonly c?: string };

/** Nothing like it is borrowed here. */
const nothingHere: Refusal = { major: -128, minor: 1 };
/** What is written down here cannot be taken away. */
const stuck: Refusal = { major: -122, minor: 1 };

export const lmborrow = subcommand({
  name: 'lmborrow',
  operands: ['vendor|all dd-mmm-yyyy[:hh:mm]', '-status', '-clear', '-purge', '-return feature'],
  flags,
  async run(given, operands, call) {
    const verbs = (['status', 'clear', 'purge', 'return'] as const).filter((verb) => given[verb]);
    if (verbs.length > 1) {
      throw new KnownError('USAGE', `expected one of -${verbs.join(' and -')}`);
    }
    const { home } = call.io;
    if (home === undefined) {
      throw new KnownError('USAGE', 'expected HOME to name a directory for .fauxlmborrow');
    }
    const licenses = new BorrowedLicenses(home);
    const [verb] = verbs;
    if (verb === 'return') return giveBack(licenses, given, operands, call);
    if (verb === undefined) return wish(licenses, operands, call);
    if (operands.length > 0) {
      throw new KnownError('USAGE', `${operands[0]}: expected no operand behind -${verb}`);
    }
    const { io, program } = call;
    if (verb === 'clear') licenses.setWish(undefined);
    if (verb === 'purge') for (const each of over(licenses, io)) licenses.remove(each);
    const shown = verb === 'status' ? licenses.list() : undefined;
    await io.print(renderBorrows(program, shown, licenses.wish, io.now()));
    return undefined;
  },
});

function over(licenses: BorrowedLicenses, io: LmutilIo): readonly BorrowedLicense[] {
  return licenses.list().filter(({ until }) => until <= io.now());
}

/** What LM_BORROW would say, kept for the checkouts of today. */
async function wish(
  licenses: BorrowedLicenses,
  operands: readonly string[],
  { io, program }: Call,
): Promise<undefined> {
  const [vendor, end, ...rest] = operands;
  if (vendor === undefined || end === undefined || rest.length > 0) {
    throw new KnownError('USAGE', 'expected a vendor or all, and an end such as 9-mar-2031:18:30');
  }
  // The colon may be there without a time. Source: LAG, "lmborrow".
  const ending = end.replace(/:$/, '');
  if (!isFlexnetEnd(ending)) {
    const wanted = 'dd-mmm-yyyy or dd-mmm-yyyy:hh:mm of a day and a time that there are';
    throw new KnownError('USAGE', `${end}: expected ${wanted}`);
  }
  if (!/^[\w-]+$/.test(vendor)) {
    throw new KnownError('USAGE', `${vendor}: expected the name of a vendor daemon, or all`);
  }
  licenses.setWish(`${todayText(io.now())}:${vendor.toLowerCase()}:${ending}`);
  await io.print(renderBorrows(program, undefined, licenses.wish, io.now()));
  return undefined;
}

async function giveBack(
  licenses: BorrowedLicenses,
  given: Flags,
  operands: readonly string[],
  { io, program }: Call,
): Promise<Refusal | undefined> {
  const [feature] = operands;
  if (feature === undefined || operands.length > 1) {
    throw new KnownError('USAGE', `expected one feature, got ${operands.length}`);
  }
  const caller = io.identity();
  const { u: user = caller.user, h: host = caller.host, vendor, bv } = given;
  const kept = licenses.list().find((each) => {
    const sameVendor = vendor === undefined || sameName(each.vendor, vendor);
    const sameVersion = bv === undefined || each.version === bv;
    const mine = each.user === user && each.host === host;
    return sameName(each.feature, feature) && sameVendor && sameVersion && mine;
  });
  const refusal = await returnTo(
    kept,
    { feature, user, host, vendor: kept?.vendor ?? vendor },
    given,
    io,
  );
  const gone = refusal === undefined ? forget(licenses, kept) : refusal;
  await io.print(renderBorrowResult(program, feature, gone));
  return gone;
}

interface Returned {
  readonly feature: string;
  readonly user: string;
  readonly host: string;
  readonly vendor: string | undefined;
}

/** To the server that -c names, else to the one it came from. */
async function returnTo(
  kept: BorrowedLicense | undefined,
  { feature, user, host, vendor }: Returned,
  { c }: Flags,
  io: LmutilIo,
): Promise<Refusal | undefined> {
  const servers = c === undefined && kept ? [kept.server] : await pathServers(io, c);
  if (isRefusal(servers)) return servers;
  let first: Refusal | undefined;
  for (const server of servers) {
    try {
      const named = vendor === undefined ? {} : { vendor };
      const client = await connectClient({ server, user, host, ...named });
      const no = await client.returnBorrow(feature);
      client.close();
      if (no === undefined) return undefined;
      first ??= no.refusal;
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      first ??= (error.details['refusal'] as Refusal | undefined) ?? { major: -15, minor: 570 };
    }
  }
  return first ?? nothingHere;
}

async function pathServers(
  io: LmutilIo,
  explicit: string | undefined,
): Promise<readonly string[] | Refusal> {
  const servers = await serversOf(licensePath(io, explicit));
  return isRefusal(servers) ? servers : servers.flat().map(addressText);
}

/** The server has it again: what this machine keeps is of no use any more. */
function forget(
  licenses: BorrowedLicenses,
  kept: BorrowedLicense | undefined,
): Refusal | undefined {
  try {
    if (kept) licenses.remove(kept);
    const vendor = /^[^:]+:([^:]+):/.exec(licenses.wish ?? '')?.[1];
    if (kept && vendor !== undefined && sameName(vendor, kept.vendor)) licenses.setWish(undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { ...stuck, sysText: error.message };
  }
}
