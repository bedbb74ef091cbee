import { renderDialectError } from './dialect-error.ts';
import type { Dialect } from './lmstat-dialect.ts';
import { type EntryStyle, entryLines } from './lmstat-entries.ts';
import type { FeatureUsage, PoolUsage, VendorStatus } from './lmstat-report.ts';
import { lockText } from './lock-text.ts';
import { licenseCount, printable } from './wording.ts';

/**
 * A feature's header line and, for each pool that has entries, its block; in pieces of whole lines.
 */
export function* featurePieces(
  feature: FeatureUsage,
  server: VendorStatus['server'],
  style: EntryStyle,
): Generator<string> {
  yield `Users of ${printable(feature.name)}:${usageText(feature, style.dialect)}\n\n`;
  if (feature.kind !== 'counted' && feature.kind !== 'uncounted') return;
  for (const pool of feature.pools) {
    yield poolHeader(pool, style.dialect);
    yield* entryLines(pool.entries, server, style);
    yield '\n';
  }
}

/** The blanks are FlexNet's: programs match two after the colon and two after the semicolon. */
function usageText(feature: FeatureUsage, dialect: Dialect): string {
  switch (feature.kind) {
    case 'counted': {
      const issued = licenseCount(feature.issued);
      return `  (Total of ${issued} issued;  Total of ${licenseCount(feature.used)} in use)`;
    }
    case 'uncounted':
      return '  (Uncounted, node-locked)';
    case 'unsupported':
      return `  (Error: ${feature.issued} licenses, unsupported by licensed server)`;
    case 'error': {
      const reason = renderDialectError(feature.refusal, dialect);
      return ` Cannot get users of ${printable(feature.name)}: ${reason}`;
    }
  }
}

/**
 * The `"feature" v1.0, vendor: acmed` line and its companions, up to the blank line before the
 * users.
 */
function poolHeader(pool: PoolUsage, dialect: Dialect): string {
  const expiry = dialect.showsExpiry ? expiryText(pool, dialect) : '';
  const name = `"${printable(pool.name)}" v${printable(pool.version)}`;
  const detail = `${dialect.detailLead}${name}, vendor: ${printable(pool.vendor)}${expiry}`;
  return `${detail}\n${vendorStringLine(pool, dialect)}  ${lockText(pool.lock)}\n\n`;
}

function vendorStringLine({ vendorString }: PoolUsage, dialect: Dialect): string {
  if (vendorString === undefined) return '';
  const text = printable(vendorString).replaceAll(' ', dialect.vendorStringBlank);
  return `  vendor_string: ${text}\n`;
}

function expiryText({ expiry }: PoolUsage, dialect: Dialect): string {
  if (expiry === undefined) return '';
  return `, expiry: ${expiry === 'permanent' ? dialect.permanentText : printable(expiry)}`;
}
