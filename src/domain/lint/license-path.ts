import { limits } from '../../base/limits.ts';
import type { Finding } from '../source.ts';
import type { Span } from './model.ts';

export type PathRule =
  | 'triad-colons'
  | 'at-host-port'
  | 'path-triad-size'
  | 'path-port'
  | 'path-host'
  | 'path-at-in-file';

interface Remark {
  readonly rule: PathRule;
  readonly severity: Finding['severity'];
  readonly span: { readonly from: number; readonly to: number };
  readonly message: string;
  readonly fix: string;
}

const PORT_MAX = 65_535;

interface Element {
  readonly text: string;
  readonly from: number;
}

/**
 * What is wrong with a server specification or license path such as `27000@host`: ports that are none, hosts
 * that are missing, triads written with colons, host and port the wrong way round, comma lists of two. Lines
 * are 1, columns those of `text`.
 * Source: LAG, "Determining the Location of the License File".
 */
export function lintLicensePath(text: string, name = 'license path'): readonly Finding[] {
  return pathRemarks(text).map(({ rule, severity, span, message, fix }) => {
    const { from, to } = span;
    return {
      rule,
      severity,
      file: name,
      line: 1,
      column: from + 1,
      endColumn: to + 1,
      message,
      fix,
    };
  });
}

/** The same remarks with their offsets, for paths found inside a line of a file. */
export function pathRemarks(text: string): readonly Remark[] {
  const elements = splitPath(text);
  return [
    ...turnedAround(elements),
    ...colonTriads(elements),
    ...oddTriads(elements),
    ...oddServers(elements),
  ].sort((a, b) => a.span.from - b.span.from);
}

/** The columns of a remark about a path that starts at `column` of a line. */
export function remarkSpan(remark: Remark, line: number, column: number): Span {
  return { line, column: column + remark.span.from, endColumn: column + remark.span.to };
}

/**
 * An element: an IPv6 address in brackets, or without (then with two colons in a row, which separate nothing
 * else), has colons of its own.
 */
const elementPattern =
  /(?:@\[[^\]]*\]|(?<=@)[0-9A-Fa-f:]{0,40}::[0-9A-Fa-f:.]{0,40}(?![\w@])|[^:;])+/g;

/** Both separators, `:` and `;`, so that a path is read the same on every machine. */
function splitPath(text: string): readonly Element[] {
  const elements: Element[] = [];
  for (const match of text.matchAll(elementPattern)) {
    elements.push({ text: match[0], from: match.index });
    if (elements.length >= limits.licensePathElementsMax) break;
  }
  return elements;
}

/** `@host:27000` and `host:27000`. */
function* turnedAround(elements: readonly Element[]): Iterable<Remark> {
  for (const [index, element] of elements.entries()) {
    const port = elements[index + 1];
    const host = /^(?:\d*@)?([\w.-]*[A-Za-z][\w.-]*)$/.exec(element.text)?.[1];
    if (host === undefined || !port || !/^\d{2,5}$/.test(port.text)) continue;
    // Somebody else's port is followed by "@".
    const to = port.from + port.text.length;
    yield {
      rule: 'at-host-port',
      severity: 'error',
      span: { from: element.from, to },
      message: `expected port@host, got ${element.text}:${port.text}`,
      fix: `Write ${Number(port.text) > PORT_MAX ? 'port' : port.text}@${host}`,
    };
  }
}

/** Three servers in a row with one port, which is how a triad is mistyped. */
function* colonTriads(elements: readonly Element[]): Iterable<Remark> {
  const ports = elements.map(({ text }) => /^(\d+)@[^@,/\\]+$/.exec(text)?.[1]);
  for (let i = 0; i + 2 < elements.length; i++) {
    const run = elements.slice(i, i + 3);
    if (ports[i] === undefined || ports[i] !== ports[i + 1] || ports[i] !== ports[i + 2]) continue;
    const last = run[2]!;
    yield {
      rule: 'triad-colons',
      severity: 'warning',
      span: { from: run[0]!.from, to: last.from + last.text.length },
      message: `expected commas if this is a triad, got three servers of their own`,
      fix: `Write ${run.map(({ text }) => text).join(',')}`,
    };
    i += 2;
  }
}

/** A comma list is a triad, and a triad has three. */
function* oddTriads(elements: readonly Element[]): Iterable<Remark> {
  for (const { text, from } of elements) {
    if (!text.includes(',') || !text.includes('@')) continue;
    const members = text.split(',').filter((member) => member !== '');
    if (members.length === 3) continue;
    yield {
      rule: 'path-triad-size',
      severity: 'warning',
      span: { from, to: from + text.length },
      message: `expected the three servers of a triad between commas, got ${members.length}`,
      fix: 'Separate servers of their own with colons (semicolons on Windows).',
    };
  }
}

/** Members of an element, `port@host` each, whose port or host is none. */
function* oddServers(elements: readonly Element[]): Iterable<Remark> {
  for (const element of elements) {
    if (!element.text.includes('@')) continue;
    if (/^[^@,]*[/\\]/.test(element.text)) yield atInFile(element);
    else for (const member of membersOf(element)) yield* oddServer(member);
  }
}

/** The pieces between commas, with where they start. */
function* membersOf({ text, from }: Element): Iterable<Element> {
  for (const match of text.matchAll(/[^,]+/g)) yield { text: match[0], from: from + match.index };
}

function atInFile({ text, from }: Element): Remark {
  return {
    rule: 'path-at-in-file',
    severity: 'error',
    span: { from, to: from + text.length },
    message: 'expected a file path without "@", or port@host, got both in one',
    fix: 'Rename the file or its directory; for a server write port@host.',
  };
}

function* oddServer({ text, from }: Element): Iterable<Remark> {
  const at = text.indexOf('@');
  const end = from + text.length;
  const port = text.slice(0, at).trim();
  const host = text.slice(at + 1).trim();
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (at >= 0 && port !== '' && (number < 1 || number > PORT_MAX)) {
    yield {
      rule: 'path-port',
      severity: 'error',
      span: { from, to: from + at },
      message: `expected a port from 1 to ${PORT_MAX} before "@", got ${port}`,
      fix: `Write the port of the SERVER line, or @${host || 'host'} for 27000 to 27009.`,
    };
  }
  if (at >= 0 && /^(\[[^\]]+\]|[^\s@:[\]/\\]+)$/.test(host)) return;
  const bare = at >= 0 && /^[0-9A-Fa-f:.]*::[0-9A-Fa-f:.]*$/.test(host);
  yield {
    rule: 'path-host',
    severity: 'error',
    span: { from, to: end },
    message: bare
      ? `expected an IPv6 address in brackets, got ${host}`
      : `expected port@host, got "${text}"`,
    fix: bare ? `Write ${port}@[${host}]` : 'Write port@host, such as 27000@licenses.',
  };
}
