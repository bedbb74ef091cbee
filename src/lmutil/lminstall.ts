import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import {
  convertLicenseFile,
  type LicenseFormat,
  licenseFormats,
} from '../domain/license/formats.ts';
import { parseLicenseFile } from '../domain/license/parse.ts';
import { readSource } from '../files/license-sources.ts';
import { writeWhole } from '../files/whole-file.ts';
import { renderBanner } from '../text/banner.ts';
import { renderShortError } from '../text/error-message.ts';
import { printable } from '../text/wording.ts';
import type { FlagTable } from './flags.ts';
import { subcommand } from './subcommand.ts';

const formatNames = licenseFormats.map(({ name }) => name).join('|');

/** Source: LAG, "lminstall". */
const flags = {
  i: { takes: 'value', value: 'file', summary: 'the license file to convert' },
  o: { takes: 'value', value: 'file', summary: 'where to write it; absent: standard output' },
  overfmt: { takes: 'value', value: formatNames, summary: 'in the format of this version' },
  odecimal: { takes: 'nothing', summary: 'in decimal, which this double does not write (-98)' },
  maxlen: { takes: 'value', value: 'columns', summary: 'break lines before this column' },
} as const satisfies FlagTable;

/** As generators break lines; fewer would cut words from their keyword. */
const COLUMNS = 78;
const COLUMNS_MIN = 20;

/** The decimal form's arithmetic is the vendor's. Source: error list, -98 and -99. */
const noDecimalOut: Refusal = { major: -98, minor: 1 };
const noDecimalIn: Refusal = { major: -99, minor: 1 };
/** A key would have to be made, which fauxlm never does. */
const noKey: Refusal = { major: -8, minor: 1 };

export const lminstall = subcommand({
  name: 'lminstall',
  operands: [],
  flags,
  async run({ i, o, overfmt, odecimal, maxlen }, _operands, { io, program }) {
    if (i === undefined) throw new KnownError('USAGE', 'expected -i and a license file');
    const columnsMax = columnsOf(maxlen);
    const format = overfmt === undefined ? undefined : formatNamed(overfmt);
    const fail = async (refusal: Refusal, where: string): Promise<Refusal> => {
      const text = `${printable(where)}: ${renderShortError(refusal)}`;
      await io.print(`${renderBanner(program)}lminstall failed: ${text}\n`);
      return refusal;
    };
    if (odecimal) return fail(noDecimalOut, i);
    const converted = convertLicenseFile(parseLicenseFile(readSource(i)), format, columnsMax);
    if (typeof converted !== 'string') {
      const refusal = converted.reason === 'decimal' ? noDecimalIn : noKey;
      return fail(refusal, `${i}:${converted.line}`);
    }
    if (o === undefined || o === '-') await io.print(converted);
    else writeWhole(o, converted);
    return undefined;
  },
});

function columnsOf(text: string | undefined): number {
  if (text === undefined) return COLUMNS;
  const columns = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (columns < COLUMNS_MIN) {
    throw new KnownError('USAGE', `-maxlen: expected at least ${COLUMNS_MIN}, got ${text}`);
  }
  return columns;
}

function formatNamed(name: string): LicenseFormat {
  const format = licenseFormats.find((each) => each.name === name);
  if (!format) throw new KnownError('USAGE', `-overfmt: expected ${formatNames}, got ${name}`);
  return format;
}
