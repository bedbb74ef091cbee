import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import type { DupGroup, FeatureLine, PackageComponent, PackageLine } from './model.ts';
import { nameKey, type PlacedLine, type SeatLine, type VendorLines } from './seat-lines.ts';
import { canonicalVersion } from './versions.ts';

/** Whose seats are one, where neither line nor vendor says so. */
const noSharing: DupGroup = { kind: 'none' };

/** Who holds the seats of a SUITE_RESERVED package that names no fields: a user. */
const byUser: DupGroup = { kind: 'fields', user: true, host: false, display: false, vendor: false };

export interface PackageOptions {
  readonly caseSensitive: boolean | undefined;
  /** The vendor's rule of sharing, for lines without DUP_GROUP. */
  readonly seatSharing: DupGroup | undefined;
}

/**
 * Puts packages in the place of the lines that enable them. A plain package's line becomes seats of its
 * components, its own count times the component's, and its name is no feature any more; a suite's becomes seats
 * of each component, and stays as the seats of the package, which go out with them. A PACKAGE line may stand in
 * any file.
 * Source: End User Guide v10, App. B, "PACKAGE Lines".
 * unverified: of several PACKAGE lines that fit, the first counts; OVERDRAFT is multiplied as the count is; a
 * component of different packages adds up even where FEATURE lines enable them; without SUITE_DUP_GROUP the
 * package shares as its components do.
 * @throws KnownError LICENSE_UNSERVABLE when components and enabling lines make more lines than a daemon keeps.
 */
export function withPackages(
  features: readonly PlacedLine<FeatureLine>[],
  { packages, badPackages }: Pick<VendorLines, 'packages' | 'badPackages'>,
  options: PackageOptions,
): readonly SeatLine[] {
  const index = new PackageIndex(packages, badPackages, options.caseSensitive);
  const lines: SeatLine[] = [];
  let components = 0;
  for (const placed of features) {
    const found = index.enabledBy(placed.line);
    if (found === undefined) lines.push(alone(placed, options));
    else if (found.bad) lines.push(badLine(placed, found.line, options));
    else {
      const made = expanded(placed, found.line, options);
      components += made.length;
      if (components > limits.componentLinesMax) throw tooManyLines(placed);
      for (const line of made) lines.push(line);
    }
  }
  return lines;
}

function alone(placed: PlacedLine<FeatureLine>, options: PackageOptions): SeatLine {
  return { ...placed, dupGroup: dupGroupOf(placed.line, options) };
}

function badLine(
  placed: PlacedLine<FeatureLine>,
  { name }: PackageLine,
  options: PackageOptions,
): SeatLine {
  return { ...alone(placed, options), package: { name, role: 'bad' } };
}

function dupGroupOf({ attributes }: FeatureLine, { seatSharing }: PackageOptions): DupGroup {
  return attributes.dupGroup ?? seatSharing ?? noSharing;
}

function expanded(
  placed: PlacedLine<FeatureLine>,
  { name, suite, components }: PackageLine,
  options: PackageOptions,
): readonly SeatLine[] {
  const { line } = placed;
  const dupGroup = dupGroupOf(line, options);
  const each = distinct(components, options.caseSensitive);
  if (suite === 'none') {
    return each.map((component) => {
      const made = componentLine(line, component);
      return { ...placed, line: made, dupGroup, package: { name, role: 'component' as const } };
    });
  }
  const reserves = suite === 'suiteReserved' ? ({ reserves: true } as const) : {};
  const own: SeatLine = {
    ...placed,
    dupGroup: suiteDupGroup(line, dupGroup, suite),
    package: { name, role: 'suite', ...reserves },
  };
  const key = nameKey(name, options.caseSensitive);
  const others = each.filter((component) => nameKey(component.name, options.caseSensitive) !== key);
  return [
    own,
    ...others.map((component): SeatLine => {
      const role = { name, role: 'component' as const, enabledBy: own, ...reserves };
      return { ...placed, line: componentLine(line, component), dupGroup, package: role };
    }),
  ];
}

function suiteDupGroup(
  { attributes }: FeatureLine,
  dupGroup: DupGroup,
  suite: PackageLine['suite'],
): DupGroup {
  const group = attributes.suiteDupGroup ?? dupGroup;
  return suite === 'suiteReserved' && group.kind === 'none' ? byUser : group;
}

/** The line that a component comes to: the enabling line's words under the component's name. */
function componentLine(
  line: FeatureLine,
  { name, version = line.version, count = 1 }: PackageComponent,
): FeatureLine {
  const { overdraft } = line.attributes;
  const attributes =
    overdraft === undefined || count === 1
      ? line.attributes
      : { ...line.attributes, overdraft: overdraft * count };
  return { ...line, name, version, count: line.count * count, attributes };
}

/** A component named twice is one; the last word of it counts. */
function distinct(
  components: readonly PackageComponent[],
  caseSensitive: boolean | undefined,
): readonly PackageComponent[] {
  return [...new Map(components.map((each) => [nameKey(each.name, caseSensitive), each])).values()];
}

/** Finds the PACKAGE line that a FEATURE or INCREMENT line enables, by a look or two. */
class PackageIndex {
  readonly #caseSensitive: boolean | undefined;
  /** By name, or name and version: a package's version, if it has one, must be its enabling line's. */
  readonly #sound = new Map<string, PlacedLine<PackageLine>>();
  readonly #bad = new Map<string, PlacedLine<PackageLine>>();

  constructor(
    packages: readonly PlacedLine<PackageLine>[],
    badPackages: readonly PlacedLine<PackageLine>[],
    caseSensitive: boolean | undefined,
  ) {
    this.#caseSensitive = caseSensitive;
    for (const placed of packages) this.#file(this.#sound, placed.line.version, placed);
    for (const placed of badPackages) this.#file(this.#bad, undefined, placed);
  }

  #file(
    index: Map<string, PlacedLine<PackageLine>>,
    version: string | undefined,
    placed: PlacedLine<PackageLine>,
  ): void {
    const key = this.#key(placed.line.name, version);
    if (!index.has(key)) index.set(key, placed);
  }

  enabledBy({
    name,
    version,
  }: FeatureLine): { readonly line: PackageLine; readonly bad: boolean } | undefined {
    const ofAny = this.#sound.get(this.#key(name, undefined));
    const ofVersion = this.#sound.get(this.#key(name, version));
    const ofAnyIsFirst = ofAny && !(ofVersion && ofVersion.order < ofAny.order);
    const sound = ofAnyIsFirst ? ofAny : ofVersion;
    if (sound !== undefined) return { line: sound.line, bad: false };
    const bad = this.#bad.get(this.#key(name, undefined));
    return bad && { line: bad.line, bad: true };
  }

  #key(name: string, version: string | undefined): string {
    const key = nameKey(name, this.#caseSensitive);
    return version === undefined ? key : `${key} ${canonicalVersion(version)}`;
  }
}

function tooManyLines({ file, line }: PlacedLine<FeatureLine>): KnownError {
  return new KnownError(
    'LICENSE_UNSERVABLE',
    `${file}:${line.line}: expected packages whose components come to at most ` +
      `${limits.componentLinesMax} lines together, got more with this one`,
    { line: line.line },
  );
}
