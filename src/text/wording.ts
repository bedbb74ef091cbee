const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const controls = new RegExp(control.source, 'g');

/**
 * A name that came from a peer or a file, fit to stand inside one line: control characters become
 * `?`, so that no user name can forge a second log line or move a terminal's cursor.
 */
export function printable(text: string): string {
  return control.test(text) ? text.replace(controls, '?') : text;
}

/** `1 license`, `0 licenses`, `7 licenses`: the s falls only for exactly one. */
export function licenseCount(count: number): string {
  return count === 1 ? '1 license' : `${count} licenses`;
}
