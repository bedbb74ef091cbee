import type { Dialect } from './lmstat-dialect.ts';

const oldest: Dialect = {
  name: '8.4',
  release: '8.4',
  detailLead: '  ',
  pidColumn: false,
  lingerForm: 'total',
  headerBlank: true,
  showsExpiry: false,
  permanentText: 'permanent',
  vendorStringBlank: ' ',
  doublesHosts: false,
  tableOrder: 'expiresVendor',
  productName: 'FLEXlm',
  serverWords: 'license server',
  windows: false,
  tellsBuild: false,
  exitZero: true,
};

const v10: Dialect = {
  ...release('10.8', oldest),
  productName: 'FLEXnet',
  serverWords: 'license server system',
  exitZero: false,
};

const v11: Dialect = {
  ...release('11.6', v10),
  headerBlank: false,
  showsExpiry: true,
  permanentText: 'permanent(no expiration date)',
  tableOrder: 'vendorExpires',
  tellsBuild: true,
};

const v11p7: Dialect = { ...release('11.7', v11), productName: 'FlexNet' };

const v11p16: Dialect = { ...release('11.16.2', v11p7), lingerForm: 'remaining' };

const v11p19: Dialect = { ...release('11.19.6', v11p16), detailLead: '\n', pidColumn: true };

function release(name: string, base: Dialect): Dialect {
  return { ...base, name, release: name };
}

/**
 * By release, oldest first; each row is the first release seen to write so. Sources: public outputs of
 * lmutil 8.4 (2003) to 11.19.7 (2024); exit status: issues of a public exporter; product names and
 * `system`: License Administration Guides. A permanent license is `1-jan-0` in outputs of 11.13 only.
 */
export const releaseDialects: readonly Dialect[] = [
  oldest,
  release('9.2', oldest),
  v10,
  v11,
  v11p7,
  { ...release('11.13', v11p7), permanentText: '1-jan-0' },
  release('11.14.1', v11p7),
  v11p16,
  release('11.18.1', v11p16),
  v11p19,
  { ...release('11.19.7', v11p19), detailLead: '  \n' },
];

/** What certain vendors hand out with their license managers. */
export const vendorDialects: readonly Dialect[] = [
  // Public outputs of No Magic's daemon, lmutil of 2018: blanks in vendor strings are escaped.
  { ...v11p16, name: 'cameo', vendorStringBlank: '\\u0020' },
  // Public output of LMCOMSOL 11.19.6: the detail line at the margin, but no PIDs.
  { ...v11p19, name: 'comsol', pidColumn: false },
];

/** What may be added to any dialect: `11.16.2+windows`. */
export const dialectTraits: Readonly<Record<string, Partial<Dialect>>> = {
  windows: { windows: true },
  'doubled-hosts': { doublesHosts: true },
};
