import type { Place } from '../documents/places.ts';
import { parseLicenseFile } from '../domain/license/parse.ts';
import { lint } from '../domain/lint/lint.ts';
import type { Finding } from '../domain/source.ts';
import type { TextOrigin } from './file-texts.ts';
import type { Scenario } from './loading.ts';
import type { ServerSetup } from './setup.ts';

/** Of many mistakes the first are the ones to look at. */
const REMARKS_MAX = 5;

/**
 * What lint has against the licenses of a scenario, each with its place in the file that it stands in: who fails for
 * want of a feature may have misspelled it. `sources` are the texts of the scenario's files.
 */
export function licenseRemarks(
  { servers, start }: Pick<Scenario, 'servers' | 'start'>,
  sources: ReadonlyMap<string, string>,
): readonly string[] {
  const remarks = servers.flatMap((server) => remarksOf(server, start, sources));
  return [...new Set(remarks)].slice(0, REMARKS_MAX);
}

function remarksOf(
  { license, licenseAt, timeZone }: ServerSetup,
  now: number,
  sources: ReadonlyMap<string, string>,
): readonly string[] {
  if (licenseAt === undefined) return [];
  const file = parseLicenseFile({ name: 'license', text: license, encoding: 'utf-8' });
  const zone = timeZone === undefined ? {} : { timeZone };
  const findings = lint({ licenses: [file], options: [], now, ...zone }).filter(isMistake);
  return findings.map((finding) => {
    const { file: path, line, column } = placeOf(finding, licenseAt, { license, sources });
    return `${path}:${line}:${column}: ${finding.message} [${finding.rule}]`;
  });
}

/** What a license manager would not take as it is meant. */
function isMistake({ severity, rule }: Finding): boolean {
  return severity === 'error' || rule === 'unknown-line';
}

/** In the file that people write: what stands in a block (`|`) is indented, and begins a line further down. */
function placeOf(
  { line, column }: Finding,
  origin: TextOrigin,
  { license, sources }: { license: string; sources: ReadonlyMap<string, string> },
): Place {
  if (origin.kind === 'file') return { file: origin.path, line, column };
  const { place } = origin;
  const lines = sources.get(place.file)?.split('\n') ?? [];
  if (lines[place.line - 1]?.charAt(place.column - 1) !== '|') return place;
  const at = place.line + line;
  const shown = lines[at - 1] ?? '';
  const own = license.split('\n')[line - 1] ?? '';
  return { file: place.file, line: at, column: column + indentOf(shown) - indentOf(own) };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
