import type { LicenseFile } from '../license/model.ts';
import type { LicenseView } from './catalog.ts';
import { type PathRule, pathRemarks, remarkSpan } from './license-path.ts';
import type { LintRule, Spot } from './model.ts';
import { positionIn, spot } from './places.ts';

/**
 * A license path inside a line: a number and an `@`, or an `@` and a list of names and ports. An address of
 * mail has a letter before its `@`.
 */
const pathPattern =
  /(?<![\w.@/\\-])(?:\d+@[\w.-]*|@[\w.-]+(?=[:;,])|\/[\w./-]*@[\w./-]*)(?:[:;,](?:\d*@)?[\w.-]+)*/g;

/** Rules about license paths, found in the text of a file or given to `lintLicensePath`. */
export const pathRules: readonly LintRule[] = [
  {
    id: 'triad-colons',
    severity: 'warning',
    summary: 'three servers with colons between them',
    why:
      'Colons (semicolons on Windows) separate license servers that have nothing to do with each ' +
      'other, and each is tried on its own. The members of a triad are one element: commas hold ' +
      'them together.',
    fix: 'Write port@host1,port@host2,port@host3 if the three are a triad.',
    source: 'LAG, "Using Other Capabilities with Three-Server Redundancy"',
    license: (view) => spotsOf(view, 'triad-colons', true),
  },
  {
    id: 'at-host-port',
    severity: 'error',
    summary: 'host:port where port@host belongs',
    why:
      'A colon separates two elements of a license path, so this is read as a host to be ' +
      'searched at ports 27000 to 27009, and then a file with a number for a name.',
    fix: 'Write port@host.',
    source: 'LAG, "Determining the Location of the License File"',
    license: (view) => spotsOf(view, 'at-host-port'),
  },
  {
    id: 'path-triad-size',
    severity: 'warning',
    summary: 'commas between servers that are not three',
    why: 'Commas join the members of a triad into one element, and a triad has three members.',
    fix:
      'Name all three members, or separate independent servers with colons (semicolons on ' +
      'Windows).',
    source: 'LAG, "Using Other Capabilities with Three-Server Redundancy"',
    license: (view) => spotsOf(view, 'path-triad-size'),
  },
  {
    id: 'path-port',
    severity: 'error',
    summary: 'a port that is none before "@"',
    why:
      'The port of a license server is a number from 1 to 65535: that of its SERVER line, or one of ' +
      '27000 to 27009 when that names none. No client gets past this element.',
    fix: 'Write the port of the SERVER line, or @host to have 27000 to 27009 searched.',
    source: 'LAG, "Determining the Location of the License File"',
    license: (view) => spotsOf(view, 'path-port'),
  },
  {
    id: 'path-host',
    severity: 'error',
    summary: 'no host behind "@"',
    why: 'A server is named by its host, an IPv6 address in brackets, since its colons separate elements.',
    fix: 'Write port@host or port@[address].',
    source: 'LAG, "Determining the Location of the License File"',
    license: (view) => spotsOf(view, 'path-host'),
  },
  {
    id: 'path-at-in-file',
    severity: 'error',
    summary: 'a file path with "@" in it',
    why: 'FlexNet takes every element with an "@" for a server: a license file of such a path is never read.',
    fix: 'Rename the file or its directory.',
    source: 'LAG, "Determining the Location of the License File"',
    license: (view) => spotsOf(view, 'path-at-in-file'),
  },
];

/**
 * Looks in lines nobody understands, where a whole environment was pasted, and, for what is no
 * error, in comments, where people keep notes of it.
 */
function* spotsOf({ file }: LicenseView, rule: PathRule, comments = false): Iterable<Spot> {
  for (const line of file.lines) {
    const looked = line.kind === 'unknown' || (comments && line.kind === 'comment');
    if (looked) yield* spotsOfLine(file, line, rule);
  }
}

/** What has to be there for a rule to be broken. */
const signs: Readonly<Record<PathRule, string>> = {
  'triad-colons': ':',
  'at-host-port': ':',
  'path-triad-size': ',',
  'path-port': '@',
  'path-host': '@',
  'path-at-in-file': '/',
};

function* spotsOfLine(
  file: LicenseFile,
  line: LicenseFile['lines'][number],
  rule: PathRule,
): Iterable<Spot> {
  const text = file.source.text.slice(line.start, line.end);
  if (!text.includes('@') || !text.includes(signs[rule])) return;
  for (const match of text.matchAll(pathPattern)) {
    for (const remark of pathRemarks(match[0])) {
      if (remark.rule !== rule) continue;
      const from = positionIn(line, text, match.index);
      yield spot(file, remarkSpan(remark, from.line, from.column), remark.message, remark.fix);
      return;
    }
  }
}
