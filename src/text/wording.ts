/** Control characters, line separators, and those that turn the direction of what stands behind them. */
const control = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const controls = new RegExp(control.source, 'g');

/**
 * A name that came from a peer or a file, fit to stand inside one line: control characters become
 * `?`, so that no user name can forge a second log line, move a terminal's cursor or show a line in another order.
 */
export function printable(text: string): string {
  return control.test(text) ? text.replace(controls, '?') : text;
}

/** `1 license`, `0 licenses`, `7 licenses`: the s falls only for exactly one. */
export function licenseCount(count: number): string {
  return count === 1 ? '1 license' : `${count} licenses`;
}
