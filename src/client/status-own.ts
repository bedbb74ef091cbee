import type { Refusal } from '../base/refusal.ts';
import { OWN_VERSION } from '../wire/messages/own.ts';
import type { Greeted } from './greeting.ts';
import {
  type DaemonUsage,
  type ManagerFacts,
  refusalOf,
  tooMuch,
  type UsageQuestion,
} from './status-facts.ts';
import { dialectOfPages, featuresOfPages, pageHolds } from './status-pages.ts';
import { isRefusal } from './status-source.ts';

/** Vendor daemons of one manager that are asked; real ones have a few dozen at most. */
const VENDORS_MAX = 1_000;
/** A listing beyond this is no listing: some three million users. */
const LISTING_BYTES_MAX = 256 * 1024 * 1024;
/** Pages of a listing that hold next to nothing each: ours are filled to 32 KiB. */
const THIN_PAGES_MAX = 1_000;
const PAGE_BYTES_MIN = 1024;

/** What one of our own managers says of itself and its daemons. */
export async function readOwnManager({ connection }: Greeted): Promise<ManagerFacts | Refusal> {
  const answer = await connection.ask('serverRequest', { ownVersion: OWN_VERSION, tag: 1 });
  if (answer.kind !== 'serverAnswer') return refusalOf(answer);
  const { host, version, licensePaths, servers, vendors } = answer.value;
  return {
    host,
    version,
    licensePaths,
    servers: servers.map(({ host, port, state }) => ({ host, port, master: state === MASTER })),
    vendors: vendors
      .slice(0, VENDORS_MAX)
      .map(({ name, state, version }) =>
        state === 0 ? { name, down: VENDOR_DOWN } : { name, version },
      ),
  };
}

/** A SERVER line's state in a serverAnswer: up, and the master. */
const MASTER = 2;

/** Source: lmstat outputs, (-97,121). */
const VENDOR_DOWN: Refusal = { major: -97, minor: 121 };

/** What one of our own vendor daemons serves and who uses it, page by page. */
export async function readOwnUsage(
  daemon: Greeted,
  { feature = '', users }: UsageQuestion,
): Promise<DaemonUsage | Refusal> {
  const pages: Buffer[] = [];
  let size = 0;
  for (let page = 0, more = true; more; page++) {
    const records = await readPage(daemon, page, feature, users);
    if (isRefusal(records)) return records;
    size += records.bytes.length;
    const thin = page >= THIN_PAGES_MAX && size < page * PAGE_BYTES_MIN;
    if (thin || size > LISTING_BYTES_MAX) return tooMuch;
    pages.push(records.bytes);
    more = records.more;
  }
  const empty = pages.every((page) => page.length === 0);
  const dialect = dialectOfPages(pages);
  return { features: featuresOfPages(pages), empty, ...(dialect === '' ? {} : { dialect }) };
}

async function readPage(
  { connection }: Greeted,
  page: number,
  feature: string,
  users: boolean,
): Promise<{ readonly bytes: Buffer; readonly more: boolean } | Refusal> {
  const tag = page + 1;
  const flags = users ? 0 : 1;
  const answer = await connection.ask('statusRequest', {
    ownVersion: OWN_VERSION,
    tag,
    page,
    flags,
    feature,
  });
  if (answer.kind !== 'statusPage') return refusalOf(answer);
  const { records, more } = answer.value;
  // A page that is empty and yet not the last could go on for ever.
  if (!pageHolds(records)) return wrongPage('records that do not fit');
  if (more !== 0 && records.length === 0) return wrongPage('an empty page, and more to come');
  return { bytes: records, more: more !== 0 };
}

function wrongPage(sysText: string): Refusal {
  return { major: -12, minor: 7, sysText };
}
