import { assert } from '../../base/errors.ts';
import type { Remark } from '../language/findings.ts';
import type { Mutable } from '../language/line-parts.ts';
import type { LogicalLine } from '../language/logical-line.ts';
import {
  type Attribute,
  type AttributedKind,
  type AttributeField,
  attributeNamed,
  attributes as attributeRows,
  isOpaqueAttribute,
  isSignedName,
  packages,
} from './attributes.ts';
import type { Attributes, PackageLine } from './model.ts';
import type { Reading } from './reading.ts';

type Other = NonNullable<Attributes['others']>[number];

/** What the words behind a line's positional fields say. */
export interface AttributeWords {
  readonly attributes: Attributes;
  readonly key?: string;
  /** Only on a PACKAGE line. */
  readonly components?: PackageLine['components'];
  readonly suite?: PackageLine['suite'];
}

/** A license key of files before 7.1: hex digits, blanks between groups. */
const KEY_DIGITS_MIN = 8;

export function isKey(text: string): boolean {
  return text.length >= KEY_DIGITS_MIN && /^[\dA-F][\dA-F ]*$/i.test(text);
}

/** A number with one bit for each field; there are fewer than 31. */
const bitOf: ReadonlyMap<AttributeField, number> = new Map(
  [...new Set(attributeRows.map(({ field }) => field))].map((field, index) => [field, 1 << index]),
);
assert(bitOf.size < 32, 'every field of an attribute has a bit of its own');

/** A word as far as it can be read without its line. */
export interface AttributeWord {
  /** Its row in the table; undefined for a word without a meaning. */
  readonly attribute: Attribute | undefined;
  readonly bit: number;
  /** What the table reads; undefined if it cannot. */
  readonly value: unknown;
  /** What is wrong with it on a line where it may stand; undefined if nothing is. */
  readonly remark: Remark | undefined;
  /** How it is kept when it cannot be used; absent if `value` says all. */
  readonly other: Other | undefined;
  readonly canBeKey: boolean;
  readonly looksLikeKey: boolean;
}

/**
 * Reads the words from `from` on by the attribute table. A word without meaning is kept in
 * `others`; so is one whose value cannot be read, with a finding. The first bare word is taken as
 * the key whatever it looks like, a later one if it looks like a key.
 */
export function parseAttributeWords(
  { line, findings, attributes: memory }: Reading,
  from: number,
  kind: AttributedKind,
): AttributeWords {
  const fields: Record<string, unknown> = {};
  const words: Mutable<AttributeWords> = { attributes: fields };
  // COMPONENTS and OPTIONS are fields of a PACKAGE line, not of its attributes.
  const ownFields = words as unknown as Record<string, unknown>;
  // A bit for each field: cheaper to ask than the object.
  let seen = 0;
  let others: Other[] | undefined;
  for (let index = from; index < line.wordCount; index++) {
    const word = memory.recall(line, index) ?? memory.remember(readWord(line, index));
    const { attribute, bit, value, canBeKey, looksLikeKey } = word;
    const misplaced = attribute?.on.includes(kind) === false ? misplacedWord(attribute) : undefined;
    if (attribute && value !== undefined && !misplaced) {
      if ((seen & bit) !== 0) findings.add(line, index, duplicate(attribute));
      else (attribute.on === packages ? ownFields : fields)[attribute.field] = value;
      seen |= bit;
    } else if (canBeKey && words.key === undefined && (looksLikeKey || index === from)) {
      words.key = line.word(index);
      if (!looksLikeKey) findings.add(line, index, oddKey(words.key));
    } else {
      const remark = misplaced ?? word.remark;
      if (remark) findings.add(line, index, remark);
      others ??= [];
      others.push(word.other ?? otherOf(line, index));
    }
  }
  if (others) fields['others'] = others;
  return words;
}

function readWord(line: LogicalLine, index: number): AttributeWord {
  const name = line.name(index);
  const attribute = attributeNamed(name);
  return attribute ? readAttribute(attribute, line, index) : readOddWord(line, index);
}

function readAttribute(attribute: Attribute, line: LogicalLine, index: number): AttributeWord {
  const written = line.value(index) ?? true;
  const value = attribute.form.parse(written);
  if (Array.isArray(value)) line.countMembers(value.length);
  const isRead = value !== undefined;
  return {
    attribute,
    bit: bitOf.get(attribute.field)!,
    value,
    remark: isRead ? undefined : badValue(attribute, written),
    other: isRead ? undefined : otherOf(line, index),
    canBeKey: false,
    looksLikeKey: false,
  };
}

function readOddWord(line: LogicalLine, index: number): AttributeWord {
  const other = otherOf(line, index);
  const canBeKey = other.value === true;
  return {
    attribute: undefined,
    bit: 0,
    value: undefined,
    remark: unknownWord(other),
    other,
    canBeKey,
    looksLikeKey: canBeKey && isKey(other.name),
  };
}

function otherOf(line: LogicalLine, index: number): Other {
  return { name: line.name(index), value: line.value(index) ?? true };
}

function oddKey(word: string): Remark {
  return {
    rule: 'bad-attribute-value',
    severity: 'warning',
    message: `license key: expected hex digits, got "${word}"`,
  };
}

function badValue(attribute: Attribute, value: string | true): Remark {
  const isDate = attribute.field === 'issued' || attribute.field === 'start';
  const got = value === true ? 'no value' : `"${value}"`;
  return {
    rule: isDate ? 'bad-date' : 'bad-attribute-value',
    severity: isSignedName(attribute.name) ? 'error' : 'warning',
    message: `${attribute.name}: expected ${attribute.form.expected}, got ${got}`,
    flexnetCode: isDate ? -11 : -2,
  };
}

function duplicate(attribute: Attribute): Remark {
  return {
    rule: 'duplicate-attribute',
    severity: 'warning',
    message: `${attribute.name}: expected once, got it again; the first counts`,
  };
}

function misplacedWord(attribute: Attribute): Remark {
  return {
    rule: 'unknown-keyword',
    severity: 'error',
    message: `expected an attribute of this line, got ${attribute.name} of a PACKAGE line`,
    flexnetCode: -90,
  };
}

function unknownWord({ name, value }: Other): Remark | undefined {
  if (isOpaqueAttribute(name)) return undefined;
  if (isSignedName(name)) {
    return {
      rule: 'unknown-keyword',
      severity: 'error',
      message: `expected a known keyword in upper case, got ${name}`,
      flexnetCode: -90,
    };
  }
  // Words in lower case are the licensee's own.
  if (value !== true && /^[a-z]/.test(name)) return undefined;
  return {
    rule: 'stray-word',
    severity: 'warning',
    message: `expected keyword=value, got "${name}"`,
  };
}
