/** Rows for a spreadsheet: RFC 4180, with lines ended as it says. */
export function csvText(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return [headings, ...rows].map(csvLine).join('');
}

/** One of them. */
export function csvLine(row: readonly (string | number | bigint)[]): string {
  return `${row.map(csvCell).join(',')}\r\n`;
}

/** Names come from a log: one that a spreadsheet would take for a formula is kept from that. */
function csvCell(value: string | number | bigint): string {
  const text = typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
