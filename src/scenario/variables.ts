import type { Places } from '../documents/places.ts';

/** What a variable may stand for. */
export type VariableValue = string | number | boolean;

export type Variables = Readonly<Record<string, VariableValue>>;

export function isVariable(value: unknown): value is VariableValue {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

const reference = /\$\{([A-Za-z][A-Za-z0-9_]*)\}/g;
const onlyReference = new RegExp(`^${reference.source}$`);

/** Names that a text refers to, each once. */
export function namesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(reference)].map(([, name]) => name!))];
}

/** A reference to a variable that there is not. */
export interface UnknownVariable {
  readonly holder: object;
  readonly key: string;
  readonly name: string;
}

/**
 * Fills in `${name}` in every text of a value, which stays as it is; the copy has its places. A text that is nothing
 * but one reference becomes what the variable is: a number stays a number. Names that `vars` has not stay as they
 * are, and are told unless `later` has them.
 */
export function fillIn(
  value: unknown,
  vars: Variables,
  { places, later = [], unknown }: Filling,
): unknown {
  const fill = (each: unknown, holder: object, key: string): unknown => {
    if (typeof each === 'string') return fillText(each, holder, key);
    if (typeof each !== 'object' || each === null) return each;
    const copy: unknown[] | Record<string, unknown> = Array.isArray(each)
      ? each.map((item, index) => fill(item, each, `${index}`))
      : Object.fromEntries(Object.entries(each).map(([name, v]) => [name, fill(v, each, name)]));
    places.copy(each, copy);
    return copy;
  };
  const fillText = (text: string, holder: object, key: string): unknown => {
    const known = (name: string): boolean => {
      if (Object.hasOwn(vars, name)) return true;
      if (!later.includes(name)) unknown({ holder, key, name });
      return false;
    };
    const whole = onlyReference.exec(text)?.[1];
    if (whole !== undefined) return known(whole) ? vars[whole] : text;
    return text.replace(reference, (all, name: string) => (known(name) ? `${vars[name]}` : all));
  };
  return fill(value, {}, '');
}

export interface Filling {
  readonly places: Places;
  /** Names that are filled in later: of a `repeat`. */
  readonly later?: readonly string[];
  readonly unknown: (reference: UnknownVariable) => void;
}

/** Every combination of a matrix's values, the first name changing slowest; one empty one without a matrix. */
export function combinations(
  matrix: Readonly<Record<string, readonly VariableValue[]>>,
): readonly Variables[] {
  let rows: Variables[] = [{}];
  for (const [name, values] of Object.entries(matrix)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  return rows;
}
