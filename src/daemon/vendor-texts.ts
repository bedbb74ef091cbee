import type { FeatureLine } from '../domain/license/model.ts';
import type { VendorEntry } from './catalog.ts';
import { fitting, withoutNul } from './public-text.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** What any client may ask a vendor daemon about its license lines. */
export interface VendorTexts {
  /** All feature names, blank separated, and a NUL. */
  readonly features: Buffer;
  /** The license sets: eight NUL-ended strings a line. Empty ones would shift a reader's groups, so none is. */
  readonly sets: Buffer;
}

const textsByEntry = new WeakMap<VendorEntry, VendorTexts>();

/**
 * The texts of what a daemon serves now, as many whole items as fit one reply; the log says once what does not.
 * Made when first asked for, and anew after a reread: a client asks by the thousand.
 */
export function vendorTexts(daemon: VendorDaemon): VendorTexts {
  const { entry, ledger, options } = daemon;
  let texts = textsByEntry.get(entry);
  if (texts === undefined) {
    const names = [...ledger.features.values()].map(({ name }) => withoutNul(name));
    const features = fitting(names, ' ');
    if (!features.complete) options.log.cutShort('feature list');
    const sets = fitting(setsOf(entry.features), '\0');
    if (!sets.complete) options.log.cutShort('license sets');
    texts = { features: features.bytes, sets: sets.bytes };
    textsByEntry.set(entry, texts);
  }
  return texts;
}

function* setsOf(lines: readonly FeatureLine[]): Generator<string> {
  for (const [index, line] of lines.entries()) yield setOf(line, index);
}

function setOf(line: FeatureLine, index: number): string {
  const { attributes, expiry, name, version, count, vendor, keyword } = line;
  const id = String(index + 1);
  const sign = (attributes.sign ?? line.key ?? 'none').replaceAll(/\s/g, '');
  const first = attributes.start ?? attributes.issued;
  const from = first ? `${first.day}-${months[first.month - 1]}-${first.year}` : 'none';
  const text = `${keyword} ${name} ${vendor} ${version} ${expiry.text} ${count} SIGN=${sign}`;
  const words = [id, sign.slice(0, 20), name, from, expiry.text, id, 'none', text];
  // 0x01 and 0x07 separate strings as NUL does; a license file may hold them, a set may not.
  return words.map((word) => word.replaceAll(/[\0\x01\x07]/g, '') || 'none').join('\0');
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
