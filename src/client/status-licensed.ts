import type { LicenseLine } from '../domain/license/model.ts';
import type { LicensedFeature } from './status-source.ts';

/**
 * The features that license lines offer to clients: usable FEATURE and INCREMENT lines, without those that
 * only enable a PACKAGE, whose name no daemon serves.
 */
export function licensedFeatures(lines: readonly LicenseLine[]): readonly LicensedFeature[] {
  const packages = new Set(
    lines.flatMap((line) => (line.kind === 'package' && line.suite === 'none' ? [line.name] : [])),
  );
  return lines.flatMap((line) =>
    line.kind === 'feature' && line.usable && !packages.has(line.name)
      ? [{ name: line.name, vendor: line.vendor, count: line.count }]
      : [],
  );
}
