/**
 * Three ways in which programs in the field read a debug log line by line, each written anew from the forms of
 * the reference and sharing no code with src/text: what they count must be what the journal has.
 */
export interface Tally {
  /** Licenses that went out and came back, by `daemon feature user@host`. */
  readonly out: Map<string, number>;
  readonly in: Map<string, number>;
  /** Lines, by `daemon feature`. */
  readonly denied: Map<string, number>;
  readonly unsupported: Map<string, number>;
}

export type Reader = (log: string) => Tally;

const empty = (): Tally => ({
  out: new Map(),
  in: new Map(),
  denied: new Map(),
  unsupported: new Map(),
});

const add = (counts: Map<string, number>, key: string, by = 1): void => {
  counts.set(key, (counts.get(key) ?? 0) + by);
};

/** One regular expression a kind of line, as grok patterns of log shippers have it. */
export const byPattern: Reader = (log) => {
  const tally = empty();
  const stamp = '^\\s?\\d{1,2}:\\d{2}:\\d{2} \\((\\S+)\\) ';
  const seat = new RegExp(
    `${stamp}(OUT|IN): "([^"]+)" (.+)@(\\S+?)(?:  |$)(?: ?\\[[^\\]]*\\])?\\s*(?:\\((\\d+) licenses\\))?`,
  );
  const no = new RegExp(`${stamp}(DENIED|UNSUPPORTED): "([^"]+)" `);
  for (const line of log.split('\n')) {
    const moved = seat.exec(line);
    if (moved) {
      const [, daemon, kind, feature, user, host, count = '1'] = moved;
      const counts = kind === 'OUT' ? tally.out : tally.in;
      add(counts, `${daemon} ${feature} ${user}@${host}`, Number(count));
      continue;
    }
    const refused = no.exec(line);
    if (!refused) continue;
    const [, daemon, kind, feature] = refused;
    add(kind === 'DENIED' ? tally.denied : tally.unsupported, `${daemon} ${feature}`);
  }
  return tally;
};

/** Fields between blanks, as awk sees them: time, daemon, kind, feature, user@host, and what follows. */
export const byFields: Reader = (log) => {
  const tally = empty();
  for (const line of log.split('\n')) {
    const [, daemonField, kind, featureField, who, ...rest] = line.trim().split(/[ \t]+/);
    if (daemonField === undefined || featureField === undefined || who === undefined) continue;
    const daemon = daemonField.slice(1, -1);
    const feature = featureField.replaceAll('"', '');
    const counted = rest.findIndex((word) => /^licenses\)?/.test(word));
    const count = counted > 0 ? Number(rest[counted - 1]!.replace('(', '')) : 1;
    if (kind === 'OUT:') add(tally.out, `${daemon} ${feature} ${who}`, count);
    if (kind === 'IN:') add(tally.in, `${daemon} ${feature} ${who}`, count);
    if (kind === 'DENIED:') add(tally.denied, `${daemon} ${feature}`);
    if (kind === 'UNSUPPORTED:') add(tally.unsupported, `${daemon} ${feature}`);
  }
  return tally;
};

/** Character by character from one landmark to the next, as the C scanners of old accounting scripts. */
export const byLandmarks: Reader = (log) => {
  const tally = empty();
  let at = 0;
  while (at < log.length) {
    let end = log.indexOf('\n', at);
    if (end < 0) end = log.length;
    readLine(log.slice(at, end).replace(/\r$/, ''), tally);
    at = end + 1;
  }
  return tally;
};

function readLine(line: string, tally: Tally): void {
  const open = line.indexOf('(');
  const close = line.indexOf(') ', open);
  if (open !== 9 || close < 0) return;
  const daemon = line.slice(open + 1, close);
  const colon = line.indexOf(': "', close);
  const quote = line.indexOf('"', colon + 3);
  if (colon < 0 || quote < 0) return;
  const kind = line.slice(close + 2, colon);
  const feature = line.slice(colon + 3, quote);
  if (kind === 'DENIED') add(tally.denied, `${daemon} ${feature}`);
  if (kind === 'UNSUPPORTED') add(tally.unsupported, `${daemon} ${feature}`);
  if (kind !== 'OUT' && kind !== 'IN') return;
  const two = line.indexOf('  ', quote);
  const who = line.slice(quote + 2, two < 0 ? line.length : two);
  const licenses = line.indexOf(' licenses)', quote);
  const count =
    licenses < 0 ? 1 : Number(line.slice(line.lastIndexOf('(', licenses) + 1, licenses));
  add(kind === 'OUT' ? tally.out : tally.in, `${daemon} ${feature} ${who}`, count);
}
