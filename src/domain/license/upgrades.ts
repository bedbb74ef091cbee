import type { FeatureLine, UpgradeLine } from './model.ts';
import { addTo, nameKey, type PlacedLine } from './seat-lines.ts';
import { compareVersions } from './versions.ts';

/**
 * Lines of a feature that an UPGRADE line looks back over. Real features have a handful; a file made to be
 * slow would have hundreds of thousands.
 */
const LINES_LOOKED_BACK_MAX = 1_000;

/** A line that may still be upgraded; `left` is what no UPGRADE has taken of it. */
interface Base {
  readonly placed: PlacedLine<FeatureLine>;
  left: number;
}

/**
 * What UPGRADE lines make of the lines before them: up to their count of the nearest earlier counted line of the
 * feature, of a version from their first up to below their second, becomes seats of the second. A line with
 * nothing left is gone.
 * Source: End User Guide v10, App. B, "UPGRADE Lines".
 * unverified: an UPGRADE's seats may be upgraded again; a line of which others took all is passed over; the
 * upgraded seats stay gone when the UPGRADE line expires.
 */
export function upgraded(
  features: readonly PlacedLine<FeatureLine>[],
  upgrades: readonly PlacedLine<UpgradeLine>[],
  caseSensitive: boolean | undefined,
): readonly PlacedLine<FeatureLine>[] {
  if (upgrades.length === 0) return features;
  const bases = new Map<string, Base[]>();
  const all: Base[] = [];
  for (const placed of inFileOrder(features, upgrades)) {
    const made = placed.line.kind === 'feature' ? placed.line : undefined;
    const key = nameKey(placed.line.name, caseSensitive);
    const line = made ?? upgradeOf(placed.line as UpgradeLine, bases.get(key) ?? []);
    if (line === undefined) continue;
    const base = { placed: { ...placed, line }, left: line.count };
    all.push(base);
    if (line.count > 0) addTo(bases, key, base);
  }
  return all.flatMap(({ placed, left }) => {
    const { line } = placed;
    if (left === line.count) return [placed];
    return left > 0 ? [{ ...placed, line: { ...line, count: left } }] : [];
  });
}

function inFileOrder(
  features: readonly PlacedLine<FeatureLine>[],
  upgrades: readonly PlacedLine<UpgradeLine>[],
): readonly PlacedLine<FeatureLine | UpgradeLine>[] {
  return [...features, ...upgrades].sort((a, b) => a.order - b.order);
}

/** The INCREMENT line that an UPGRADE comes to, its seats taken off the base; none without a base. */
function upgradeOf(upgrade: UpgradeLine, bases: readonly Base[]): FeatureLine | undefined {
  const base = baseOf(upgrade, bases);
  if (base === undefined) return undefined;
  const count = Math.min(upgrade.count, base.left);
  if (count === 0) return undefined;
  base.left -= count;
  const { fromVersion: _, ...rest } = upgrade;
  return { ...rest, kind: 'feature', keyword: 'INCREMENT', count };
}

function baseOf(upgrade: UpgradeLine, bases: readonly Base[]): Base | undefined {
  const last = Math.max(0, bases.length - LINES_LOOKED_BACK_MAX);
  for (let at = bases.length - 1; at >= last; at--) {
    const base = bases[at]!;
    const { version } = base.placed.line;
    const fits =
      compareVersions(version, upgrade.fromVersion) >= 0 &&
      compareVersions(version, upgrade.version) < 0;
    if (fits && base.left > 0) return base;
  }
  return undefined;
}
