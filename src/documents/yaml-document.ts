import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml';
import { limits } from '../base/limits.ts';
import type { Place, Places } from './places.ts';
import type { Problem } from './problems.ts';

/** A YAML text as plain values, whose places are known. */
export interface YamlDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2. Nothing is thrown for a text that is none: its mistakes are told. */
export function readYaml(file: string, text: string, places: Places): YamlDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // What follows a syntax error is mostly the same mistake, heard again.
  const problems = [...document.errors.slice(0, 1), ...document.warnings].map(
    ({ pos, code, message }) => ({
      place: placeOf(pos[0]),
      message: `${sentence(message)}${hints[code] ?? ''}`,
    }),
  );
  const reader = new Reader(placeOf, places);
  const value = reader.valueOf(document.contents as Node | null, 0);
  return { value, problems: [...problems, ...reader.problems] };
}

/** What people mostly did when the parser says this. */
const hints: Readonly<Partial<Record<string, string>>> = {
  BLOCK_AS_IMPLICIT_KEY: '; a text with a colon and a blank in it needs quotes',
  TAB_AS_INDENT: '; indent with blanks',
};

/** The parser's own words begin with a capital and end with a full stop, or with advice for who calls it. */
function sentence(message: string): string {
  const [said = ''] = message.replace(/; please use .*|\.$/s, '').split('\n');
  return `expected YAML, got: ${said}`;
}

/** A number with a point stays as it is written: version 2024.10 is not 2024.1. */
function scalarOf({ value, source }: Scalar): unknown {
  return typeof value === 'number' && source?.includes('.') ? source : value;
}

class Reader {
  readonly problems: Problem[] = [];
  readonly #placeOf: (offset: number) => Place;
  readonly #places: Places;

  constructor(placeOf: (offset: number) => Place, places: Places) {
    this.#placeOf = placeOf;
    this.#places = places;
  }

  valueOf(node: Node | null | undefined, depth: number): unknown {
    if (node === null || node === undefined) return null;
    if (depth > limits.documentDepthMax) {
      return this.#refuse(node, `expected at most ${limits.documentDepthMax} levels, got more`);
    }
    if (isAlias(node))
      return this.#refuse(node, 'expected no alias, got one; write it out (a scenario has vars)');
    if (isScalar(node)) return scalarOf(node);
    if (isMap(node)) return this.#mapping(node.items as Pair<Node, Node | null>[], node, depth);
    if (isSeq(node)) return this.#list(node.items as Node[], node, depth);
    return this.#refuse(node, 'expected a mapping, a list or a value');
  }

  #refuse(node: Node, message: string): null {
    this.problems.push({ place: this.#at(node), message });
    return null;
  }

  #at(node: Node | null | undefined): Place {
    return this.#placeOf(node?.range?.[0] ?? 0);
  }

  #mapping(items: readonly Pair<Node, Node | null>[], node: Node, depth: number): object {
    const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const keys = new Map<string, Place>();
    const values = new Map<string, Place>();
    for (const { key, value: held } of items) {
      const name = isScalar(key) ? String(key.value) : '';
      keys.set(name, this.#at(key));
      const isThere = held !== null && held?.range?.[0] !== held?.range?.[1];
      values.set(name, isThere ? this.#at(held) : this.#at(key));
      value[name] = this.valueOf(held, depth + 1);
    }
    this.#places.set(value, { at: this.#at(node), keys, values });
    return value;
  }

  #list(items: readonly Node[], node: Node, depth: number): readonly unknown[] {
    const value = items.map((item) => this.valueOf(item, depth + 1));
    const values = new Map(items.map((item, index) => [`${index}`, this.#at(item)]));
    this.#places.set(value, { at: this.#at(node), keys: new Map(), values });
    return value;
  }
}
