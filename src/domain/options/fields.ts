import type { LogicalLine } from '../language/logical-line.ts';
import { parseWhole } from '../license/attribute-forms.ts';
import type { ClientSpec, ClientType, FeatureSpec, LoggedEvent } from './model.ts';

/** The words of an options line, taken one after the other. */
export class WordsLeft {
  readonly line: LogicalLine;
  /** The word to be taken next. */
  index: number;
  /** What a field has to say of a line that is understood all the same. */
  note: string | undefined;
  #plusTaken = false;

  constructor(line: LogicalLine, index: number) {
    this.line = line;
    this.index = index;
  }

  get count(): number {
    return this.line.wordCount - this.index;
  }

  /** The next word, left where it is; '' at the end of the line. */
  peek(): string {
    if (this.index >= this.line.wordCount) return '';
    const word = this.line.word(this.index);
    return this.#plusTaken ? word.slice(1) : word;
  }

  take(): string {
    const word = this.peek();
    this.index++;
    this.#plusTaken = false;
    return word;
  }

  /** Takes the next word if `read` can make something of it. */
  takeAs<T>(read: (word: string) => T | undefined): T | undefined {
    const value = read(this.peek());
    if (value !== undefined) this.take();
    return value;
  }

  /** Takes the `+` that a word begins with and leaves the rest of it. */
  takePlus(): boolean {
    if (!this.peek().startsWith('+')) return false;
    this.#plusTaken = true;
    return true;
  }
}

/**
 * A part of an options line. `parse` takes its words and gives its value; undefined means that they
 * are not such a part (then `words` stands at the one that is not) or, where `optional`, that it is
 * left out.
 */
export interface Field<T> {
  /** As grammars show it: `SECONDS`, `FEATURE[:KEYWORD=VALUE]`. */
  readonly show: string;
  readonly optional?: true;
  /** Printed without a blank behind it. */
  readonly glued?: true;
  readonly parse: (words: WordsLeft) => T | undefined;
  readonly print: (value: T) => readonly string[];
}

/** A whole number in digits. */
export function number(show: string): Field<number> {
  return {
    show,
    parse: (left) => left.takeAs(parseWhole),
    print: (value) => [String(value)],
  };
}

export function word(show: string): Field<string> {
  return {
    show,
    parse: (left) => left.takeAs((next) => next || undefined),
    print: (value) => [value],
  };
}

/** All words that are left, at least one. */
export function words(show: string): Field<readonly string[]> {
  return {
    show: `${show} ...`,
    parse: (left) => {
      const list: string[] = [];
      while (left.count > 0) list.push(left.take());
      return list.length > 0 ? list : undefined;
    },
    print: (value) => value,
  };
}

/** One of two words in any case; the first stands for `true`. */
export function either(yes: string, no: string): Field<boolean> {
  return {
    show: `${yes}|${no}`,
    parse: (left) =>
      left.takeAs((next) => {
        const given = next.toUpperCase();
        if (given === yes) return true;
        return given === no ? false : undefined;
      }),
    print: (value) => [value ? yes : no],
  };
}

/** The `+` before a path: what is there is kept. */
export const plus: Field<boolean> = {
  show: '[+]',
  glued: true,
  parse: (left) => left.takePlus(),
  print: (value) => [value ? '+' : ''],
};

/** A word in any case that may be there or not. */
export function mayBe(name: string): Field<boolean> {
  return {
    show: `[${name}]`,
    parse: (left) => takeNamed(left, name),
    print: (value) => (value ? [name] : []),
  };
}

/** As `mayBe`, without a value when it is not there. */
export function mark(name: string): Field<true> {
  return {
    show: `[${name}]`,
    optional: true,
    parse: (left) => takeNamed(left, name) || undefined,
    print: () => [name],
  };
}

/** `[NAME number]`. */
export function namedNumber(name: string): Field<number> {
  return {
    show: `[${name} n]`,
    optional: true,
    // Without a number the name is left, for the end of the line to complain of.
    parse: (left) => {
      if (left.peek().toUpperCase() !== name || left.count < 2) return undefined;
      const value = parseWhole(left.line.word(left.index + 1));
      if (value !== undefined) left.index += 2;
      return value;
    },
    print: (value) => [name, String(value)],
  };
}

function takeNamed(left: WordsLeft, name: string): boolean {
  if (left.peek().toUpperCase() !== name) return false;
  left.take();
  return true;
}

/** `feature[:keyword=value]`; with a colon in the feature's name `"feature keyword=value"`. */
export const featureSpec: Field<FeatureSpec> = {
  show: 'FEATURE[:KEYWORD=VALUE]',
  parse: (left) => left.takeAs(parseFeatureSpec),
  print: (value) => [printFeatureSpec(value)],
};

/**
 * A feature that sites leave out (`LINGER 0`, `TIMEOUT 0`): the empty name, which is no feature's,
 * so the line has no effect.
 */
export const looseFeatureSpec: Field<FeatureSpec> = {
  show: featureSpec.show,
  parse: (left) => {
    if (left.count !== 1) return featureSpec.parse(left);
    left.note = `expected ${featureSpec.show} before the number; without it the line has no effect`;
    return { feature: '' };
  },
  print: (value) => (value.feature === '' ? [] : featureSpec.print(value)),
};

/** Source: License Administration Guide, "Specifying Features". */
function parseFeatureSpec(text: string): FeatureSpec | undefined {
  if (text === '') return undefined;
  const equals = text.indexOf('=');
  const head = equals < 0 ? '' : text.slice(0, equals);
  const blank = head.lastIndexOf(' ');
  const cut = blank >= 0 ? blank : head.lastIndexOf(':');
  if (cut < 0) return { feature: text };
  const feature = text.slice(0, cut).trim();
  const name = head.slice(cut + 1);
  if (feature === '' || name === '') return undefined;
  return { feature, selector: { name, value: text.slice(equals + 1) } };
}

function printFeatureSpec({ feature, selector }: FeatureSpec): string {
  if (!selector) return feature;
  const between = /[: ]/.test(feature) || selector.name.includes(':') ? ' ' : ':';
  return `${feature}${between}${selector.name}=${selector.value}`;
}

const clientTypes: ReadonlyMap<string, ClientType> = new Map<string, ClientType>([
  ['USER', 'USER'],
  ['HOST', 'HOST'],
  ['DISPLAY', 'DISPLAY'],
  ['INTERNET', 'INTERNET'],
  ['PROJECT', 'PROJECT'],
  ['GROUP', 'GROUP'],
  ['HOST_GROUP', 'HOST_GROUP'],
  // FLEXlm 3 and 4 (SGI's guide, ch. 12).
  ['HOSTGROUP', 'HOST_GROUP'],
]);

/**
 * Rules about entitlements know no others (public parsers, after the License Administration Guide).
 */
const entitlementTypes: ReadonlySet<ClientType> = new Set(['USER', 'HOST', 'GROUP', 'HOST_GROUP']);

function clientOf(show: string, allows: (type: ClientType) => boolean): Field<ClientSpec> {
  return {
    show,
    parse: (left) => {
      const type = clientTypes.get(left.peek().toUpperCase());
      if (!type || !allows(type)) return undefined;
      left.take();
      const name = left.takeAs((next) => next || undefined);
      return name === undefined ? undefined : { type, name };
    },
    print: ({ type, name }) => [type, name],
  };
}

/**
 * Who a rule is about. Source: License Administration Guide, "Specifying License Restrictions Using
 * Type".
 */
export const client = clientOf('TYPE NAME', () => true);

export const entitlementClient = clientOf('USER|HOST|GROUP|HOST_GROUP NAME', (type) =>
  entitlementTypes.has(type),
);

const loggedEvents: readonly LoggedEvent[] = [
  'IN',
  'OUT',
  'DENIED',
  'QUEUED',
  'UNSUPPORTED',
  'UPGRADE',
  'DEQUEUED',
];

export const loggedEvent: Field<LoggedEvent> = {
  show: loggedEvents.join('|'),
  parse: (left) =>
    left.takeAs((next) => loggedEvents.find((event) => event === next.toUpperCase())),
  print: (value) => [value],
};

/** All words that are left, as they are, if they are what `fields` say. */
export function wordsThat(
  ...fields: readonly Pick<Field<unknown>, 'show' | 'parse'>[]
): Field<readonly string[]> {
  const rest = words('WORD');
  return {
    show: fields.map(({ show }) => show).join(' '),
    parse: (left) => {
      const from = left.index;
      for (const field of fields) {
        if (field.parse(left) === undefined) return undefined;
      }
      left.index = from;
      return rest.parse(left);
    },
    print: rest.print,
  };
}
