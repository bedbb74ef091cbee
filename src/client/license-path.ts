import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

/** One host of a license server and the ports to try on it, in order. */
export interface ServerAddress {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly ports: readonly number[];
}

/** One host and one port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

interface ElementBase {
  /** As written. */
  readonly text: string;
  /** What the path was read from: `-c`, a variable, a file. */
  readonly origin: string;
  /** Where the element starts in that text, from 1. */
  readonly column: number;
}

/** A license file, or a directory of them. */
export interface FileElement extends ElementBase {
  readonly kind: 'file';
  readonly path: string;
}

/** `port@host`, `@host`, or the hosts of one triad in their order. */
export interface ServerElement extends ElementBase {
  readonly kind: 'servers';
  readonly addresses: readonly ServerAddress[];
}

export type PathElement = FileElement | ServerElement;

/**
 * Where a manager listens when nobody says. Source: LAG, "Managing license server port numbers".
 */
export const DEFAULT_PORTS: readonly number[] = Array.from({ length: 10 }, (_, at) => 27_000 + at);

const TRIAD_HOSTS = 3;

/** Between elements: on Windows a colon belongs to the drive. */
export function pathSeparator(platform: string): ':' | ';' {
  return platform === 'win32' ? ';' : ':';
}

export interface LicensePathSource {
  /** Named in errors and told with every element: `-c`, `LM_LICENSE_FILE` ... */
  readonly origin: string;
  /** As in `process.platform`. */
  readonly platform: string;
}

/**
 * Parses a license path. Empty elements are passed over; the elements keep their order.
 * Source: LAG, "Determining the Location of the License File".
 * @throws KnownError USAGE naming origin, column and what would be right.
 */
export function parseLicensePath(text: string, source: LicensePathSource): readonly PathElement[] {
  const pieces = piecesOf(text, pathSeparator(source.platform));
  if (pieces.length > limits.licensePathElementsMax) {
    const got = `${pieces.length}`;
    throw usage(source, 1, `at most ${limits.licensePathElementsMax} elements`, got);
  }
  return pieces.map((piece, index) => elementOf(piece, pieces[index - 1], source));
}

/** `27000@host`, brackets put back around an IPv6 address; without port `@host`. */
export function addressText({ host, ports }: ServerAddress): string {
  const port = ports.length === 1 ? `${ports[0]}` : '';
  return `${port}@${host.includes(':') ? `[${host}]` : host}`;
}

/** Several hosts are the members of one triad, or of what is left of it. */
export function isTriad(addresses: readonly ServerAddress[]): boolean {
  return addresses.length > 1;
}

/** `27000@host` */
export function endpointText({ host, port }: Endpoint): string {
  return addressText({ host, ports: [port] });
}

interface Piece {
  readonly text: string;
  readonly column: number;
}

/** Splits at the separator, but not inside the brackets of an IPv6 address. */
function piecesOf(text: string, separator: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const lastClosing = text.lastIndexOf(']');
  let start = 0;
  let bracketed = false;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === '[' && text[at - 1] === '@') bracketed = at < lastClosing;
    else if (character === ']') bracketed = false;
    if (character !== undefined && (character !== separator || bracketed)) continue;
    const piece = text.slice(start, at);
    const trimmed = piece.trim();
    if (trimmed !== '') {
      pieces.push({ text: trimmed, column: start + piece.indexOf(trimmed) + 1 });
    }
    start = at + 1;
  }
  return pieces;
}

function elementOf(
  piece: Piece,
  before: Piece | undefined,
  source: LicensePathSource,
): PathElement {
  const { text, column } = piece;
  const base = { text, column, origin: source.origin };
  const strayPort = hostBeforePort(piece, before);
  if (strayPort) {
    throw usage(source, strayPort.column, `port@host (${strayPort.right})`, strayPort.got);
  }
  if (!text.includes('@')) return { ...base, kind: 'file', path: text };
  if (/^[^@,]*[/\\]/.test(text)) {
    throw usage(source, column, 'a file name without "@"', text);
  }
  const members = text.split(',').map((member) => member.trim());
  if (members.length > TRIAD_HOSTS) {
    throw usage(source, column, 'at most three hosts, the SERVER lines of one triad', text);
  }
  const addresses = members.map((member) => addressOf(member, piece, source));
  return { ...base, kind: 'servers', addresses };
}

const HOST_THEN_PORT = /^@?([^@:\\/]+):(\d{1,5})$/;

/**
 * Recognizes `host:27000` and `@host:27000`, which `:` has cut in two where it separates elements.
 */
function hostBeforePort({ text, column }: Piece, before: Piece | undefined) {
  const whole = HOST_THEN_PORT.exec(text);
  // A single letter is a drive: `c:1` is a file.
  if (whole?.[1] && whole[1].length > 1) {
    return { right: `${whole[2]}@${whole[1]}`, got: text, column };
  }
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const host = /^@?([^@/\\]+)$/.exec(before?.text ?? '')?.[1];
  if (before && host) {
    return { right: `${text}@${host}`, got: `${before.text}:${text}`, column: before.column };
  }
  return { right: `${text}@HOST`, got: text, column };
}

const MEMBER = /^([^@]*)@(?:\[([^\]@]+)\]|([^@[\]\s/\\]+))$/;

function addressOf(member: string, piece: Piece, source: LicensePathSource): ServerAddress {
  const match = MEMBER.exec(member);
  if (!match) throw usage(source, piece.column, 'port@host', quoted(member, piece));
  const [, port = '', bracketed, plain = ''] = match;
  if (bracketed === undefined && plain.includes(':')) {
    const right = `an IPv6 address in brackets (${port}@[${plain}])`;
    throw usage(source, piece.column, right, quoted(member, piece));
  }
  const host = bracketed ?? plain;
  if (port === '') return { host, ports: DEFAULT_PORTS };
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) {
    throw usage(source, piece.column, 'a port from 1 to 65535 before "@"', quoted(member, piece));
  }
  return { host, ports: [number] };
}

function quoted(member: string, piece: Piece): string {
  return member === piece.text ? member : `"${member}" in ${piece.text}`;
}

function usage(source: LicensePathSource, column: number, expected: string, got: string) {
  const text = `${source.origin}, column ${column}: expected ${expected}, got ${got}`;
  return new KnownError('USAGE', text, { origin: source.origin, column });
}
