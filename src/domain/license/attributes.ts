import {
  components,
  date,
  dupGroup,
  type Form,
  flag,
  numberOr,
  numberUpTo,
  optionalText,
  optionalWords,
  suite,
  text,
  wholeNumber,
  words,
} from './attribute-forms.ts';
import type { Attributes, PackageLine } from './model.ts';

/** The line kinds that take attributes. */
export type AttributedKind = 'feature' | 'package' | 'upgrade';

/** Every field an attribute can fill: those of `Attributes`, and two of a PACKAGE line itself. */
export type AttributeFields = Required<Omit<Attributes, 'others'>> &
  Pick<PackageLine, 'components'> & { readonly suite: Exclude<PackageLine['suite'], 'none'> };

export type AttributeField = keyof AttributeFields;

/** A row of the table: one word of the language. */
export interface Attribute<F extends AttributeField = AttributeField> {
  /**
   * As generators spell it; read in any case. UPPER case is signed, lower case is the licensee's.
   */
  readonly name: string;
  readonly field: F;
  readonly form: Form<AttributeFields[F]>;
  readonly on: readonly AttributedKind[];
  /** Where the meaning is documented. */
  readonly source: string;
}

const everywhere: readonly AttributedKind[] = ['feature', 'package', 'upgrade'];
/** Where COMPONENTS and OPTIONS stand. */
export const packages: readonly AttributedKind[] = ['package'];

function row<F extends AttributeField>(
  name: string,
  field: F,
  form: Form<AttributeFields[F]>,
  source: string,
  on = everywhere,
): Attribute<F> {
  return { name, field, form, on, source };
}

const EUG = 'EUG10 App. B';
const LAG = 'LAG "FEATURE and INCREMENT Lines"';

/** `BORROW` alone allows a week. */
const BORROW_HOURS_DEFAULT = 168;
const SORT_MAX = 255;

/**
 * The attributes of FEATURE, INCREMENT, PACKAGE and UPGRADE lines, in the order in which a changed
 * line is printed. EUG10: FLEXnet Licensing End User Guide v10; LAG: License Administration Guide.
 */
export const attributes = [
  row('COMPONENTS', 'components', components, `${EUG}, "PACKAGE Lines"`, packages),
  row('OPTIONS', 'suite', suite, `${EUG}, "PACKAGE Lines"`, packages),
  row('VENDOR_STRING', 'vendorString', text, LAG),
  row('HOSTID', 'hostids', words, LAG),
  row('PLATFORMS', 'platforms', words, EUG),
  row('SUPERSEDE', 'supersede', optionalWords, EUG),
  row('SUPERSEDE_SIGN', 'supersedeSign', text, 'unverified: LAG lists the keyword only'),
  row('DUP_GROUP', 'dupGroup', dupGroup, EUG),
  row('SUITE_DUP_GROUP', 'suiteDupGroup', dupGroup, EUG),
  row('FLOAT_OK', 'floatOk', optionalText, 'LAG "Mobile Licensing"'),
  row('HOST_BASED', 'hostBased', numberOr(0), LAG),
  row('USER_BASED', 'userBased', numberOr(0), LAG),
  row('MINIMUM', 'minimum', wholeNumber, 'unverified: no public page says how it counts'),
  row('OVERDRAFT', 'overdraft', wholeNumber, LAG),
  row('LINGER', 'lingerSeconds', wholeNumber, 'EUM; dropped from newer guides'),
  row('BORROW', 'borrowHours', numberOr(BORROW_HOURS_DEFAULT), `${LAG}; EUG10 ch. 8`),
  row('ISSUED', 'issued', date, EUG),
  row('START', 'start', date, EUG),
  row('ISSUER', 'issuer', text, EUG),
  row('NOTICE', 'notice', text, EUG),
  row('SN', 'serialNumber', text, EUG),
  row('TS_OK', 'terminalServer', flag('TS_OK'), LAG),
  row('ONE_TS_OK', 'terminalServer', flag('ONE_TS_OK'), 'LAG, remote desktop'),
  row('asset_info', 'assetInfo', text, EUG),
  row('dist_info', 'distInfo', text, EUG),
  row('user_info', 'userInfo', text, EUG),
  row('vendor_info', 'vendorInfo', text, EUG),
  row('sort', 'sort', numberUpTo(SORT_MAX), 'LAG "Sort Rules": more than 255 counts as 255'),
  row('ck', 'checksum', text, 'EUG10, "lmcksum"'),
  row('SIGN', 'sign', text, EUG),
  row('SIGN2', 'sign2', text, EUG),
] as const;

/** Does not compile when a field of the model has no row. */
type FieldWithoutRow = Exclude<AttributeField, (typeof attributes)[number]['field']>;
const everyFieldHasRow: [FieldWithoutRow] extends [never] ? true : never = true;
void everyFieldHasRow;

const rowByName = new Map<string, Attribute>(
  attributes.flatMap((each): [string, Attribute][] => {
    const attribute = each as unknown as Attribute;
    return [
      [each.name, attribute],
      [each.name.toUpperCase(), attribute],
    ];
  }),
);

const NAME_LENGTH_MAX = Math.max(...attributes.map(({ name }) => name.length));

/**
 * Words of signed lines that fauxlm carries without reading them: signature containers, and
 * conditions on machines that a test double does not have.
 */
const opaqueNames: ReadonlyMap<string, string> = new Map([
  ['AUTH', 'LAG keyword table: common vendor daemon'],
  ['VM_PLATFORMS', 'unverified: seen in licenses for virtual machines'],
]);

/** The row of an attribute's name, in any case; undefined for a name fauxlm gives no meaning. */
export function attributeNamed(name: string): Attribute | undefined {
  const exact = rowByName.get(name);
  if (exact || name.length > NAME_LENGTH_MAX) return exact;
  return rowByName.get(name.toUpperCase());
}

/**
 * True for a known word whose value stays as written in `Attributes.others`. `V7.1_LK` is an old
 * signature.
 */
export function isOpaqueAttribute(name: string): boolean {
  return opaqueNames.has(name.toUpperCase()) || /^V\d{1,2}(\.\d{1,2})?_LK$/i.test(name);
}

/** Signed words are written in upper case; others are free for the licensee (EUG10 ch. 2). */
export function isSignedName(name: string): boolean {
  return /^[A-Z][A-Z\d_.]*$/.test(name);
}
