import { KnownError } from '../base/errors.ts';
import type { ClientContext } from '../client/context.ts';
import { notOurs } from '../client/greeting.ts';
import { type PathElement, parseLicensePath, type ServerAddress } from '../client/license-path.ts';
import { ManagerLine } from '../client/manager-line.ts';
import { isRefused, type Refused } from '../client/refused.ts';
import { servingDaemons } from '../client/serving-daemons.ts';
import { unreachableServer } from '../client/unreachable-server.ts';
import type { SeatRequest } from '../domain/workload/model.ts';
import { renderShortError } from '../text/error-message.ts';
import type { LiveServer } from './live-target.ts';

/**
 * The one server that a load is for, by `27000@host`, `@host` or the hosts of a triad.
 * @throws KnownError USAGE for anything else; `origin` is where it stood
 */
export function parseServer(text: string, origin = '-c'): readonly ServerAddress[] {
  const elements = parseLicensePath(text, { origin, platform: process.platform });
  const [element, more] = elements as readonly (PathElement | undefined)[];
  if (element?.kind === 'servers' && more === undefined) return element.addresses;
  const expected = 'one license server such as 27000@localhost, or the three of a triad';
  throw new KnownError('USAGE', `${origin}: expected ${expected}, got "${text}"`);
}

/**
 * Asks the manager which daemon has which feature. Without a word of the license text about a feature its first
 * daemon is asked for it.
 * @throws KnownError NET_UNREACHABLE, NET_TIMEOUT when no manager answers.
 */
export async function findServer(
  text: string,
  requests: readonly SeatRequest[],
  context: ClientContext,
): Promise<LiveServer> {
  const addresses = parseServer(text);
  let last: Refused | undefined;
  for (const address of addresses) {
    const line = await ManagerLine.open(address, context);
    const found = isRefused(line) ? line : await vendorsOf(line, requests, context);
    if (!isRefused(line)) line.close();
    if (!isRefused(found)) return { addresses, vendorOf: found };
    last = found;
  }
  throw unreachableServer(text, last!);
}

async function vendorsOf(
  line: ManagerLine,
  requests: readonly SeatRequest[],
  context: ClientContext,
): Promise<ReadonlyMap<string, string> | Refused> {
  const foreign = notOurs(line.greeted);
  if (foreign) return foreign;
  const vendorOf = new Map<string, string>();
  for (const feature of new Set(requests.map((request) => request.feature))) {
    const serving = await servingDaemons(line, feature, context);
    if (isRefused(serving)) return serving;
    vendorOf.set(feature, serving.vendors[0]!);
  }
  return vendorOf;
}

/** The users of a load could not all connect before it began. */
export function noUser(text: string, code: number): KnownError {
  const got = renderShortError({ major: code, minor: 0 });
  const said = `${text}: expected to connect every user of the load, got: ${got}`;
  return new KnownError('NET_UNREACHABLE', said, { refusal: { major: code, minor: 0 } });
}
