import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { parseBorrowWish } from './borrow-ends.ts';
import type { BorrowedLicense, BorrowedLicenses } from './borrowed-licenses.ts';
import { candidatesOf, type SearchedLicense } from './candidates.ts';
import { type Denied, type Grant, type LentHere, requestCheckout } from './checkout.ts';
import { checkRequest } from './checkout-request.ts';
import type { ClientContext } from './context.ts';
import { endpointText, type PathElement } from './license-path.ts';
import { refused } from './refused.ts';
import type { Environment } from './search-path.ts';

/**
 * A license that this user has borrowed here, or one that is asked for and, if it is lent, written down. What is
 * borrowed serves a path that names the server it came from, and a path that names none.
 * @throws KnownError USAGE for a request that cannot be put into a message.
 */
export async function checkoutOrBorrow(
  wanted: SearchedLicense,
  path: readonly PathElement[],
  context: ClientContext,
  licenses: BorrowedLicenses,
): Promise<Grant | Denied> {
  checkRequest(wanted);
  const mayHave = wanted.borrow === undefined || wanted.borrow.ifAllowed;
  const license = mayHave ? await borrowedFor(wanted, path, context, licenses) : undefined;
  if (license !== undefined) return grantOf(license, context);
  if (wanted.borrow === undefined) return requestCheckout(wanted, path, context);
  try {
    licenses.prepare();
    const outcome = await requestCheckout(wanted, path, context);
    if (outcome.ok && outcome.borrowed) {
      licenses.add(licenseOf(wanted, outcome, outcome.borrowed, context));
    }
    return outcome;
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'FILE_UNREADABLE') throw error;
    const no = refused('client', { major: -117, minor: 3, sysText: error.message }, error.message);
    const reported = { ...no, element: '', where: licenses.folder };
    return { ok: false, reported, attempts: [reported] };
  }
}

/** What `LM_BORROW`, or else `lmborrow`, wants done with this checkout. */
export function withBorrowWish(
  wanted: SearchedLicense,
  { env, licenses, now }: { env: Environment; licenses: BorrowedLicenses; now: EpochMs },
): SearchedLicense {
  if (wanted.borrow !== undefined) return wanted;
  const wish = parseBorrowWish(env['LM_BORROW'] ?? licenses.wish, now);
  if (wish === undefined) return wanted;
  const whose = wish.vendor === 'all' ? {} : { vendor: wish.vendor };
  return { ...wanted, borrow: { end: wish.end, ifAllowed: true, ...whose } };
}

async function borrowedFor(
  wanted: SearchedLicense,
  path: readonly PathElement[],
  context: ClientContext,
  licenses: BorrowedLicenses,
): Promise<BorrowedLicense | undefined> {
  const { user, host } = context.identity;
  const fitting = licenses.find({ ...wanted, user, host }, context.clock.now());
  if (fitting.length === 0) return undefined;
  const servers = await serversOf(wanted, path, context);
  return fitting.find(({ server }) => servers.size === 0 || servers.has(server.toLowerCase()));
}

/** `27000@host` of every server that a path leads to, in lower case. */
async function serversOf(
  wanted: SearchedLicense,
  path: readonly PathElement[],
  context: ClientContext,
): Promise<ReadonlySet<string>> {
  const servers = new Set<string>();
  for (const element of path) {
    for (const candidate of await candidatesOf(element, wanted, context)) {
      if (candidate.kind !== 'server') continue;
      for (const { host, ports } of candidate.addresses) {
        for (const port of ports) servers.add(endpointText({ host, port }).toLowerCase());
      }
    }
  }
  return servers;
}

function grantOf(license: BorrowedLicense, context: ClientContext): Grant {
  const { vendor, feature, version: poolVersion, server, handle, until } = license;
  context.log.step('result', `${feature}: borrowed from ${server}`);
  const borrowed: LentHere = { server, handle, until, serverUntil: license.serverUntil };
  return { ok: true, vendor, element: server, attempts: [], poolVersion, borrowed };
}

function licenseOf(
  { feature, count }: SearchedLicense,
  { vendor, poolVersion }: Grant,
  { server, handle, until, serverUntil }: LentHere,
  { identity: { user, host }, clock }: ClientContext,
): BorrowedLicense {
  const borrowedAt = clock.now();
  const whose = { vendor, feature, version: poolVersion, count, user, host };
  return { ...whose, server, handle, borrowedAt, until, serverUntil };
}
