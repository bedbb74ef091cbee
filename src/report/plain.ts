/** Data of unknown shape, read from a file. */
export type Plain = Readonly<Record<string, unknown>>;

/** Neither a list nor a plain value. */
export function isMapping(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws Error that names the field, as the following ones do */
export function mappingIn(holder: Plain, name: string): Plain {
  const value = holder[name];
  if (!isMapping(value)) throw new Error(`"${name}" is no mapping`);
  return value;
}

export function countsIn(holder: Plain, name: string): [string, number][] {
  const values = mappingIn(holder, name);
  return Object.keys(values).map((key) => [key, countIn(values, key)]);
}

export function numberIn(holder: Plain, name: string): number {
  const value = holder[name];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`"${name}" is no number`);
  return value;
}

/** A whole number, 0 or more. */
export function countIn(holder: Plain, name: string): number {
  const value = numberIn(holder, name);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`"${name}" is no count`);
  return value;
}

/** More than nothing. */
export function lengthIn(holder: Plain, name: string): number {
  const value = numberIn(holder, name);
  if (value <= 0) throw new Error(`"${name}" is not more than nothing`);
  return value;
}

export function textIn(holder: Plain, name: string): string {
  const value = holder[name];
  if (typeof value !== 'string') throw new Error(`"${name}" is no text`);
  return value;
}
