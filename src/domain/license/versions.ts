const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * True for a non-negative decimal number: digits with at most one dot, no letters (else error -77).
 * Source: License Administration Guide, "FEATURE and INCREMENT Lines"; error -77.
 */
export function isVersion(text: string): boolean {
  let dotCount = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === DOT) dotCount++;
    else if (unit < ZERO || unit > NINE) return false;
  }
  return dotCount <= 1 && text.length > dotCount;
}

/**
 * Orders two versions as decimal numbers: integer parts by value, fractions digit by digit from the
 * left, so 1.10 = 1.1 < 1.9 and 2021.0430 < 2021.1. Negative if `a` is the lower. Any length, no
 * allocation. Both must satisfy `isVersion`; other texts are ordered in some fixed way.
 * Source: error -77 calls it a decimal number; date-like versions such as 2018.1231 rely on this.
 */
export function compareVersions(a: string, b: string): number {
  const aDot = dotOf(a);
  const bDot = dotOf(b);
  const aFrom = leadingZeros(a, aDot);
  const bFrom = leadingZeros(b, bDot);
  const longer = aDot - aFrom - (bDot - bFrom);
  if (longer !== 0) return longer;
  for (let i = 0; aFrom + i < aDot; i++) {
    const difference = a.charCodeAt(aFrom + i) - b.charCodeAt(bFrom + i);
    if (difference !== 0) return difference;
  }
  return compareFractions(a, aDot + 1, b, bDot + 1);
}

/**
 * One spelling for all versions that compare as equal: `01.10` and `1.1` give `1.1`; `2.0` gives
 * `2`.
 */
export function canonicalVersion(text: string): string {
  const dot = dotOf(text);
  let end = text.length;
  while (end > dot + 1 && text.charCodeAt(end - 1) === ZERO) end--;
  const whole = text.slice(leadingZeros(text, dot), dot) || '0';
  return end > dot + 1 ? `${whole}.${text.slice(dot + 1, end)}` : whole;
}

/** Compares fraction digits from `i` and `j` on, the shorter padded with zeros. */
function compareFractions(a: string, i: number, b: string, j: number): number {
  for (let k = 0; i + k < a.length || j + k < b.length; k++) {
    const left = i + k < a.length ? a.charCodeAt(i + k) : ZERO;
    const right = j + k < b.length ? b.charCodeAt(j + k) : ZERO;
    if (left !== right) return left - right;
  }
  return 0;
}

function dotOf(text: string): number {
  const dot = text.indexOf('.');
  return dot < 0 ? text.length : dot;
}

function leadingZeros(text: string, end: number): number {
  let i = 0;
  while (i < end && text.charCodeAt(i) === ZERO) i++;
  return i;
}
