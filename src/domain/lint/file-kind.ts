import { lineKinds, optionsFileWords } from '../license/lines.ts';

const licenseWords = new Set(lineKinds.map(({ word }) => word));
const optionsWords = new Set(optionsFileWords);
/** A file tells what it is near its top; a long comment may come first. */
const LOOKED_AT_CHARACTERS = 256 * 1024;

/**
 * Whether a text is a license file or an options file: by its name if that ends in `.lic`, `.dat`
 * or `.opt`, else by the first words of its lines. A license word anywhere decides, because options
 * lines stray into license files and not the other way round.
 */
export function fileKind(name: string, text: string): 'license' | 'options' {
  const extension = /\.(lic|dat|opt)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension !== undefined) return extension === 'opt' ? 'options' : 'license';
  let options = false;
  for (const match of text.slice(0, LOOKED_AT_CHARACTERS).matchAll(/^[ \t]*([A-Za-z_]+)/gm)) {
    const word = match[1]!.toUpperCase();
    if (licenseWords.has(word)) return 'license';
    options ||= optionsWords.has(word);
  }
  return options ? 'options' : 'license';
}
