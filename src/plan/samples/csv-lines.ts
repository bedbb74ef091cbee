/**
 * The cells of a line of a table, as spreadsheets write them (RFC 4180): in quotes where they hold the separator; a
 * quote in them is doubled. A cell ends with its line.
 */
export function csvCells(line: string, separator: string): readonly string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] !== '"') {
      const next = line.indexOf(separator, at);
      const end = next < 0 ? line.length : next;
      cells.push(line.slice(at, end).trim());
      at = end + 1;
      continue;
    }
    let cell = '';
    at++;
    for (;;) {
      const quote = line.indexOf('"', at);
      const end = quote < 0 ? line.length : quote;
      cell += line.slice(at, end);
      at = end + 1;
      if (line[at] !== '"') break;
      cell += '"';
      at++;
    }
    cells.push(cell);
    const next = line.indexOf(separator, at);
    at = next < 0 ? line.length + 1 : next + 1;
  }
  return cells;
}
