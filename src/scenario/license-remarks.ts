import { KnownError } from '../base/errors.ts';
import type { Place } from '../documents/places.ts';
import { parseLicenseFile } from '../domain/license/parse.ts';
import { lint } from '../domain/lint/lint.ts';
import type { Finding } from '../domain/source.ts';
import { entriesIn } from './entries.ts';
import { faultRemarks } from './fault-remarks.ts';
import { originOf, type TextOrigin, textOf } from './file-texts.ts';
import { featureNames } from './license-names.ts';
import type { Scenario } from './loading.ts';
import type { ServerSetup } from './setup.ts';

/** Of many mistakes the first are the ones to look at. */
const REMARKS_MAX = 5;

/** A license of a scenario, and where it is written. */
interface StatedLicense extends Pick<ServerSetup, 'license' | 'timeZone'> {
  readonly licenseAt: TextOrigin;
}

/**
 * What lint has against the licenses of a scenario, each with its place in the file that it stands in, and faults that
 * are about a feature which none of them has: who fails for want of a feature may have misspelled it. `sources` are the
 * texts of the scenario's files.
 */
export function licenseRemarks(
  scenario: Scenario,
  sources: ReadonlyMap<string, string>,
): readonly string[] {
  const licenses = [...licensesOfServers(scenario), ...licensesOfSteps(scenario)];
  const features = licenses.flatMap(({ license }) => featureNames(license));
  const remarks = [
    ...licenses.flatMap((each) => remarksOf(each, scenario.start, sources)),
    ...faultRemarks(scenario, features),
  ];
  return [...new Set(remarks)].slice(0, REMARKS_MAX);
}

function licensesOfServers({ servers }: Scenario): readonly StatedLicense[] {
  return servers.flatMap(({ licenseAt, ...server }) => {
    return licenseAt === undefined ? [] : [{ ...server, licenseAt }];
  });
}

/** Steps that put another license in the place of a server's. */
const bringing: ReadonlySet<string> = new Set(['reread', 'start']);

function licensesOfSteps({ steps, places }: Scenario): readonly StatedLicense[] {
  return [...entriesIn(steps)].flatMap(([, key, words]) => {
    const { license } = (words ?? {}) as { readonly license?: unknown };
    // What a variable of a repeat is in has its text only when it is taken.
    if (!bringing.has(key) || typeof license !== 'string' || license.includes('${')) return [];
    const place = places.value(words, 'license');
    const text = place && textAt(license, place);
    return text === undefined ? [] : [{ license: text, licenseAt: originOf(license, place!) }];
  });
}

/** A file that was there when the scenario was read may be gone: that is no matter of its license. */
function textAt(fileOrText: string, { file }: Place): string | undefined {
  try {
    return textOf(fileOrText, file);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return undefined;
  }
}

function remarksOf(
  { license, licenseAt, timeZone }: StatedLicense,
  now: number,
  sources: ReadonlyMap<string, string>,
): readonly string[] {
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
