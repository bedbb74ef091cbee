import { parseExpiry, printDate } from '../license/dates.ts';
import type { FeatureLine } from '../license/model.ts';
import { canonicalVersion } from '../license/versions.ts';
import type { FeatureSpec } from './model.ts';

type Selector = NonNullable<FeatureSpec['selector']>;

/** A selector by its name in lower case: what of a line it is compared with, and how it is spelled alike. */
interface SelectorField {
  readonly of: (line: FeatureLine) => string | undefined;
  readonly spell: (value: string) => string;
}

const folded = (value: string): string => value.toLowerCase();

/** `FID` is not among them: it picks entitlements of trusted storage, never a license line. */
const selectorFields: ReadonlyMap<string, SelectorField> = new Map<string, SelectorField>([
  ['asset_info', { of: ({ attributes }) => attributes.assetInfo, spell: folded }],
  ['dist_info', { of: ({ attributes }) => attributes.distInfo, spell: folded }],
  ['expdate', { of: ({ expiry }) => expiry.text, spell: sameDay }],
  ['hostid', { of: ({ attributes }) => attributes.hostids?.join(' '), spell: folded }],
  ['issuer', { of: ({ attributes }) => attributes.issuer, spell: folded }],
  ['key', { of: ({ key }) => key, spell: withoutBlanks }],
  ['notice', { of: ({ attributes }) => attributes.notice, spell: folded }],
  ['sign', { of: ({ attributes }) => attributes.sign, spell: withoutBlanks }],
  ['user_info', { of: ({ attributes }) => attributes.userInfo, spell: folded }],
  ['vendor_string', { of: ({ attributes }) => attributes.vendorString, spell: folded }],
  ['version', { of: ({ version }) => version, spell: canonicalVersion }],
]);

/** The names that a selector may have, as the guide spells them. */
export const selectorNames: readonly string[] = [
  ...['VERSION', 'HOSTID', 'EXPDATE', 'KEY', 'SIGN', 'ISSUER', 'NOTICE', 'VENDOR_STRING'],
  ...['dist_info', 'user_info', 'asset_info'],
];

/** True for the name of a selector in any case, FID of trusted storage included. */
export function isSelector(name: string): boolean {
  const folded = name.toLowerCase();
  return selectorFields.has(folded) || folded === 'fid';
}

/**
 * One text for all selectors that pick the same lines, such as `version=1.1` for VERSION=1.10; undefined for
 * a selector that no license line has. Source: LAG, "Specifying Features". unverified: letter case is aside.
 */
export function selectorKey({ name, value }: Selector): string | undefined {
  const field = name.toLowerCase();
  const known = selectorFields.get(field);
  return known && `${field}=${known.spell(value)}`;
}

/** The keys of all selectors that pick this line. */
export function selectorKeysOf(line: FeatureLine): readonly string[] {
  const keys: string[] = [];
  for (const [name, { of, spell }] of selectorFields) {
    const value = of(line);
    if (value !== undefined) keys.push(`${name}=${spell(value)}`);
  }
  return keys;
}

function sameDay(text: string): string {
  const expiry = parseExpiry(text);
  if (expiry === undefined) return folded(text);
  return expiry.kind === 'permanent' ? 'permanent' : printDate(expiry.date);
}

function withoutBlanks(text: string): string {
  return folded(text).replaceAll(/\s/g, '');
}
