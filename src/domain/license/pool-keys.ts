import { printDupGroup } from './attribute-forms.ts';
import type { Attributes } from './model.ts';
import type { PoolPolicy } from './pools.ts';
import { nameKey, type SeatLine } from './seat-lines.ts';
import { canonicalVersion } from './versions.ts';

/**
 * What lines must have in common to add up, as a text. Quotation marks keep the parts apart: no license
 * line can have them in a value. A suite's components stay with the pool that enables them.
 * Source: EUG10 App. B; LAG, "License pools".
 */
export function poolKey(placed: SeatLine, policy: PoolPolicy): string {
  const { line, dupGroup, package: role } = placed;
  const { name, version, count, attributes } = line;
  const { floatOk, hostBased, userBased, platforms } = attributes;
  const parts: readonly (readonly [string, unknown])[] = [
    ['DUP_GROUP', dupGroup.kind === 'none' ? undefined : printDupGroup(dupGroup)],
    ['FLOAT_OK', floatOk],
    ['HOST_BASED', hostBased],
    ['USER_BASED', userBased],
    ['HOSTID', hostidsKey(attributes)],
    ['PLATFORMS', platforms?.join(' ').toLowerCase()],
    ['VENDOR_STRING', policy.poolByVendorString ? attributes.vendorString : undefined],
    ['SN', policy.poolBySerialNumber ? attributes.serialNumber : undefined],
    ['PACKAGE', role === undefined || role.role === 'component' ? undefined : role.role],
    ['SUITE', role?.enabledBy && poolKey(role.enabledBy, policy)],
  ];
  const given = parts.filter(([, value]) => value !== undefined);
  return [
    `"${nameKey(name, policy.caseSensitive)}" v${canonicalVersion(version)} ${count > 0 ? 'counted' : 'uncounted'}`,
    ...given.map(([label, value]) => `${label}="${value}"`),
  ].join(' ');
}

function hostidsKey({ hostids }: Attributes): string | undefined {
  return hostids?.map(hostidKey).join(' ');
}

/** One spelling for host ids that fit the same clients: only USER and DISPLAY ask for letter case. */
function hostidKey(hostid: string): string {
  return /^(?:USER|DISPLAY)=/i.test(hostid)
    ? hostid.replace(/^\w+/, (keyword) => keyword.toUpperCase())
    : hostid.toUpperCase();
}
