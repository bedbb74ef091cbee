import { assert } from '../../base/errors.ts';
import {
  type Attribute,
  type AttributedKind,
  type AttributeField,
  type AttributeFields,
  attributeNamed,
  attributes as attributeRows,
  isOpaqueAttribute,
  isSignedName,
} from './attributes.ts';
import type { Remark } from './findings.ts';
import type { LogicalLine } from './logical-line.ts';
import type { Attributes, PackageLine } from './model.ts';
import type { Reading } from './reading.ts';
import type { WordMemory } from './word-memory.ts';

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

/** A word that was read by the table, without a finding. */
export interface AttributeWord {
  readonly attribute: Attribute;
  readonly bit: number;
  readonly value: unknown;
}

/**
 * Reads the words from `from` on by the attribute table. A word without meaning is kept in
 * `others`; so is one whose value cannot be read, with a finding.
 */
export function parseAttributeWords(
  { line, findings, attributes: memory }: Reading,
  from: number,
  kind: AttributedKind,
): AttributeWords {
  const fields: Record<string, unknown> = {};
  // A bit for each field: cheaper to ask than the object.
  let seen = 0;
  let key: string | undefined;
  let others: Other[] | undefined;
  for (let index = from; index < line.wordCount; index++) {
    const word = memory.recall(line, index) ?? readWord(line, index, memory);
    if (word && (seen & word.bit) === 0 && word.attribute.on.includes(kind)) {
      seen |= word.bit;
      fields[word.attribute.field] = word.value;
    } else if (!word && key === undefined && isKeyWord(line, index, from)) {
      key = line.word(index);
      if (!isKey(key)) findings.add(line, index, oddKey(key));
    } else {
      const name = line.name(index);
      const value = line.value(index) ?? true;
      const remark = remarkOn(name, value, kind);
      if (remark) findings.add(line, index, remark);
      if (remark?.rule === 'duplicate-attribute') continue;
      others ??= [];
      others.push({ name, value });
    }
  }
  if (others) fields['others'] = others;
  return kind === 'package' ? splitPackage(fields, key) : withKey(fields, key);
}

/** A word as the table has it; undefined if the table has no such word or cannot read its value. */
function readWord(
  line: LogicalLine,
  index: number,
  memory: WordMemory<AttributeWord>,
): AttributeWord | undefined {
  const attribute = attributeNamed(line.name(index));
  if (!attribute) return undefined;
  const value = attribute.form.parse(line.value(index) ?? true);
  if (value === undefined) return undefined;
  return memory.remember({ attribute, bit: bitOf.get(attribute.field)!, value });
}

/**
 * The first bare word is taken as the key whatever it looks like, a later one if it looks like a
 * key.
 */
function isKeyWord(line: LogicalLine, index: number, from: number): boolean {
  if (line.value(index) !== undefined || attributeNamed(line.word(index))) return false;
  return index === from || isKey(line.word(index));
}

/** What is wrong with a word that could not be used; undefined if nothing is. */
function remarkOn(name: string, value: string | true, kind: AttributedKind): Remark | undefined {
  const attribute = attributeNamed(name);
  if (!attribute) return unknownWord(name, value);
  if (!attribute.on.includes(kind)) return misplaced(attribute);
  return attribute.form.parse(value) === undefined
    ? badValue(attribute, value)
    : duplicate(attribute);
}

function withKey(attributes: Attributes, key: string | undefined): AttributeWords {
  return key === undefined ? { attributes } : { attributes, key };
}

/** COMPONENTS and OPTIONS are fields of a PACKAGE line, not of its attributes. */
function splitPackage(fields: Record<string, unknown>, key: string | undefined): AttributeWords {
  const { components, suite, ...attributes } = fields as Partial<AttributeFields>;
  return {
    ...withKey(attributes, key),
    ...(components ? { components } : {}),
    ...(suite ? { suite } : {}),
  };
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

function misplaced(attribute: Attribute): Remark {
  return {
    rule: 'unknown-keyword',
    severity: 'error',
    message: `expected an attribute of this line, got ${attribute.name} of a PACKAGE line`,
    flexnetCode: -90,
  };
}

function unknownWord(name: string, value: string | true): Remark | undefined {
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
