import type { ParsedError } from './parsed.ts';

/** `(-15,570:111 "Connection refused")`, `(-97,121)`, `(-4,342:10054 )` */
const codesPattern = /^\(([-+]?\d{1,9}),([-+]?\d{1,9})(?::([-+]?\d{1,9}))?(?: "(.*)")? *\)$/;

/** An error's words and numbers; all words when it has no numbers. */
export function readError(text: string): ParsedError {
  return readCodedError(text) ?? { text };
}

/** The same, or undefined without numbers. */
export function readCodedError(text: string): ParsedError | undefined {
  if (!text.endsWith(')')) return undefined;
  // The system's words may have brackets of their own: the codes begin at a bracket and a sign.
  const start = Math.max(text.lastIndexOf('(-'), text.lastIndexOf('(+'));
  const found = start < 0 ? null : codesPattern.exec(text.slice(start));
  if (!found) return undefined;
  const [, major, minor, sys, sysText] = found;
  return {
    text: text.slice(0, start).trimEnd(),
    major: Number(major),
    minor: Number(minor),
    ...(sys === undefined ? {} : { sys: Number(sys) }),
    ...(sysText ? { sysText } : {}),
  };
}
