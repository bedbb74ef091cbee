import { limits } from '../../base/limits.ts';
import type { Finding } from '../source.ts';
import type { Span } from './model.ts';

export type PathRule = 'triad-colons' | 'at-host-port' | 'path-triad-size';

interface Remark {
  readonly rule: PathRule;
  readonly severity: Finding['severity'];
  readonly span: { readonly from: number; readonly to: number };
  readonly message: string;
  readonly fix: string;
}

interface Element {
  readonly text: string;
  readonly from: number;
}

/**
 * What is wrong with a server specification or license path such as `27000@host`: triads written
 * with colons, host and port the wrong way round, comma lists of two. Lines are 1, columns those of
 * `text`.
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
  return [...turnedAround(elements), ...colonTriads(elements), ...oddTriads(elements)].sort(
    (a, b) => a.span.from - b.span.from,
  );
}

/** The columns of a remark about a path that starts at `column` of a line. */
export function remarkSpan(remark: Remark, line: number, column: number): Span {
  return { line, column: column + remark.span.from, endColumn: column + remark.span.to };
}

/** Both separators, `:` and `;`, so that a path is read the same on every machine. */
function splitPath(text: string): readonly Element[] {
  const elements: Element[] = [];
  const pattern = /[^:;]+/g;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
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
      fix: `Write ${port.text}@${host}`,
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
