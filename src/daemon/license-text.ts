import { resolve } from 'node:path';
import type { LicenseFile, LicenseLine } from '../domain/license/model.ts';
import type { Catalog } from './catalog.ts';
import { fitting, type PublicText, withoutNul } from './public-text.ts';

/** The license files' full paths, as lmstat shows them; a text that came from no file keeps its name. */
export function licensePaths(catalog: Catalog): readonly string[] {
  return catalog.files.map(({ source }) => resolve(source.name));
}

/** A statement, and whether `this_host` in it is to become an address. */
interface Statement {
  readonly text: string;
  readonly namesThisHost: boolean;
}

/**
 * What any client may ask a manager about one catalog, each made when first asked for: a client asks by the
 * thousand. As many whole items as fit one reply; `cut` is told once what does not.
 */
export class ManagerTexts {
  readonly #catalog: Catalog;
  readonly #cut: (what: string) => void;
  readonly #told = new Set<string>();
  #paths: readonly string[] | undefined;
  #pathText: Buffer | undefined;
  #statements: readonly Statement[] | undefined;
  /** Of the host asked for last: most clients come to one address. */
  #license: { readonly host: string; readonly text: Buffer } | undefined;

  constructor(catalog: Catalog, cut: (what: string) => void) {
    this.#catalog = catalog;
    this.#cut = cut;
  }

  get paths(): readonly string[] {
    this.#paths ??= licensePaths(this.#catalog);
    return this.#paths;
  }

  /** The paths, joined by colons. */
  get pathText(): Buffer {
    this.#pathText ??= this.#whole('list of license paths', fitting(this.paths, ':'));
    return this.#pathText;
  }

  /** The vendor daemons' names, blank separated. */
  vendorText(names: Iterable<string>): Buffer {
    return this.#whole('list of vendor daemons', fitting(names, ' '));
  }

  /**
   * The license text: all statements of all files, as written. Comments stay behind (a lone apostrophe in one
   * stops a public client that reads the text by shell rules), and `this_host` becomes `host`, an address the
   * client can reach.
   */
  licenseText(host: string): Buffer {
    if (this.#license?.host !== host) {
      this.#statements ??= [...firstStatements(this.#catalog.files)];
      const lines = this.#statements.map(({ text, namesThisHost }) =>
        namesThisHost ? text.replace(/this_host/i, () => host) : text,
      );
      this.#license = { host, text: this.#whole('license text', fitting(lines, '\n')) };
    }
    return this.#license.text;
  }

  #whole(what: string, { bytes, complete }: PublicText): Buffer {
    if (!complete && !this.#told.has(what)) {
      this.#told.add(what);
      this.#cut(what);
    }
    return bytes;
  }
}

/** As many characters of statements fit no reply, whatever host is put in: the others need not be kept. */
const CHARACTERS_MAX = 2 * 65_536;

/** Statements from the first on, one more at least than can fit a reply, if there are so many. */
function* firstStatements(files: readonly LicenseFile[]): Generator<Statement> {
  let characters = 0;
  for (const { source, lines } of files) {
    for (const line of lines) {
      if (line.kind === 'blank' || line.kind === 'comment') continue;
      if (characters > CHARACTERS_MAX) return;
      const text = withoutNul(source.text.slice(line.start, line.end).replace(/\r?\n$/, ''));
      characters += text.length + 1;
      yield { text, namesThisHost: namesThisHost(line) };
    }
  }
}

function namesThisHost(line: LicenseLine): boolean {
  return line.kind === 'server' && line.host.toLowerCase() === 'this_host';
}

const textsByCatalog = new WeakMap<Catalog, ManagerTexts>();

/** The texts of a catalog; a reread makes another catalog. */
export function managerTexts(catalog: Catalog, cut: (what: string) => void): ManagerTexts {
  let texts = textsByCatalog.get(catalog);
  if (texts === undefined) {
    texts = new ManagerTexts(catalog, cut);
    textsByCatalog.set(catalog, texts);
  }
  return texts;
}
