/** To thousandths: of milliseconds, the microseconds that are measured. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
