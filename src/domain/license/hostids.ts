/** What a client says of itself and its machine, as far as host ids ask. */
export interface HostidClient {
  readonly user: string;
  readonly host: string;
  readonly display: string;
  /** The address the connection came from. */
  readonly address: string;
  /**
   * Upper case, no prefix for an Ethernet address: `001122334455`, `ID=1234`, `FLEXID=9-ABCDEF01`.
   */
  readonly hostids: readonly string[];
}

/** Compares the text behind a host id's `=` with the client. */
type Match = (value: string, client: HostidClient) => boolean;

/**
 * Host ids with a keyword that ask for something else than one of the client's own ids.
 * Source: License Administration Guide, "Special Hostids".
 */
const keywords: ReadonlyMap<string, Match> = new Map<string, Match>([
  ['USER', (value, client) => value === client.user],
  ['DISPLAY', (value, client) => value === client.display],
  ['HOSTNAME', (value, client) => value.toLowerCase() === client.host.toLowerCase()],
  ['INTERNET', (value, client) => addressMatches(value, client.address)],
  ['INTERNET6', (value, client) => addressMatches(value, client.address)],
  [
    'ID',
    (value, client) => client.hostids.some((own) => undashed(own) === `ID=${undashed(value)}`),
  ],
  ['DISK_SERIAL_NUM', (value, client) => volumeMatches(value, client)],
  ['VSN', (value, client) => volumeMatches(value, client)],
]);

/**
 * True if a host id of a license line fits the client. A list in one text (`HOSTID="h1 h2"`) fits
 * if one of its members does. DEMO is as ANY; that it is for uncounted lines only is a rule of
 * lint.
 * Source: End User Guide v10, App. A; License Administration Guide, "Special Hostids". What the
 * guides leave open: HOSTNAME ignores case, USER and DISPLAY do not.
 */
export function hostidMatches(hostid: string, client: HostidClient): boolean {
  const forms = hostid.split(/\s+/).filter((form) => form !== '');
  return forms.some((form) => formMatches(form, client));
}

function formMatches(form: string, client: HostidClient): boolean {
  const upper = form.toUpperCase();
  if (upper === 'ANY' || upper === 'DEMO') return true;
  const equals = form.indexOf('=');
  if (equals < 0) return plainMatches(upper, client);
  const match = keywords.get(upper.slice(0, equals));
  if (match) return match(form.slice(equals + 1), client);
  // COMPOSITE, FLEXID, ID_STRING, VM_UUID and the kinds of other vendors: opaque.
  return client.hostids.some((own) => own.toUpperCase() === upper);
}

/** An Ethernet address or 32-bit host id in hex, or such a host id in decimal behind `#`. */
function plainMatches(form: string, client: HostidClient): boolean {
  const wanted = hexOf(form);
  return client.hostids.some((own) => hexOf(own.toUpperCase()) === wanted);
}

/** The hex digits of a host id; other forms as they are. */
function hexOf(form: string): string {
  if (/^#\d{1,10}$/.test(form))
    return Number(form.slice(1)).toString(16).toUpperCase().padStart(8, '0');
  return /^[\dA-F]{2}([:-][\dA-F]{2})+$/.test(form) ? form.replaceAll(/[:-]/g, '') : form;
}

/** Dashes in an ID are there for the eye: `ID=12-34` is `ID=1234`. */
function undashed(form: string): string {
  return form.toUpperCase().replaceAll('-', '');
}

/** A Windows volume's serial number has two names. */
function volumeMatches(value: string, client: HostidClient): boolean {
  const wanted = undashed(value);
  return client.hostids.some((own) => {
    const named = /^(?:DISK_SERIAL_NUM|VSN)=(.*)$/i.exec(own);
    return named !== null && undashed(named[1]!) === wanted;
  });
}

/** True if an address fits a pattern with `*` for any part: `10.7.*.*`, `2001:db8:*:*:*:*:*:*`. */
export function addressMatches(pattern: string, address: string): boolean {
  const wanted = addressParts(pattern);
  const got = addressParts(address);
  return wanted !== undefined && got !== undefined && partsMatch(wanted, got);
}

/** `addressMatches` for who compares many and keeps the parts of each. */
export function partsMatch(pattern: readonly string[], address: readonly string[]): boolean {
  if (pattern.length !== address.length) return false;
  return pattern.every((part, index) => part === '*' || part === address[index]);
}

const IPV4_PARTS = 4;
const IPV6_PARTS = 8;

/**
 * Four decimal or eight hex parts without leading zeros, `*` among them allowed; undefined for
 * other texts.
 */
export function addressParts(text: string): readonly string[] | undefined {
  // A dual-stack socket shows an IPv4 client as ::ffff:10.7.1.2; a link-local address names its
  // interface.
  const address = text
    .toLowerCase()
    .replace(/^::ffff:(?=[\d.]+$)/, '')
    .replace(/%.*$/s, '');
  return address.includes(':') ? ipv6Parts(address) : ipv4Parts(address);
}

function ipv4Parts(address: string): readonly string[] | undefined {
  const parts = address.split('.', IPV4_PARTS + 1);
  if (parts.length !== IPV4_PARTS) return undefined;
  if (!parts.every((part) => part === '*' || /^\d{1,3}$/.test(part))) return undefined;
  return parts.map(withoutLeadingZeros);
}

function ipv6Parts(address: string): readonly string[] | undefined {
  const halves = address.split('::', 3);
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':', IPV6_PARTS + 1)));
  const given = [...(left ?? []), ...(right ?? [])];
  const missing = IPV6_PARTS - given.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  if (!given.every((part) => part === '*' || /^[\da-f]{1,4}$/.test(part))) return undefined;
  const zeros = Array<string>(missing).fill('0');
  return [...(left ?? []), ...zeros, ...(right ?? [])].map(withoutLeadingZeros);
}

function withoutLeadingZeros(part: string): string {
  return part.replace(/^0+(?=.)/, '');
}
