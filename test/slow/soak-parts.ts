import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** About as many seats as the sessions want at a time: some are denied and some wait on a machine of any speed. */
export const soakLicense = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR meshd',
  'INCREMENT solve acmed 1.0 permanent 30 SIGN=00',
  'INCREMENT mesh meshd 1.0 permanent 30 SIGN=00',
  '',
].join('\n');

/** Seats that went out and came back, by the debug log, of each feature: `OUT solve`, `IN solve`. */
export async function loggedSeats(path: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for await (const line of createInterface(createReadStream(path))) {
    const [, way, feature, many = '1'] =
      / (OUT|IN): "(\w+)" \S+(?:.*\((\d+) licenses\))?/.exec(line) ?? [];
    if (way === undefined) continue;
    const key = `${way} ${feature}`;
    counts[key] = (counts[key] ?? 0) + Number(many);
  }
  return counts;
}
