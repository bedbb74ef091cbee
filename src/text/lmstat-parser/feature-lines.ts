import { readHolder, readQueued, readReservation } from './entry-text.ts';
import { readError } from './errors.ts';
import { type Line, type LineKind, matching } from './line.ts';
import type { Outline } from './outline.ts';
import type { ParsedFeature, ParsedLock } from './parsed.ts';
import { readExpiry } from './times.ts';

export const vendorString: LineKind = ({ text, whole }, { pool, poolIsOpen }) => {
  if (!poolIsOpen || !pool || !text.startsWith('vendor_string:')) return false;
  pool.vendorString = whole.slice('vendor_string:'.length).replace(/^ /, '');
  return true;
};

const lockPattern =
  /^(?:floating license|(uncounted )?nodelocked license,? locked to (?:NOTHING \(hostid=(\w+)\)|"(.*)"))$/;

export const lock: LineKind = ({ text }, outline) => {
  const found = outline.poolIsOpen && outline.pool ? lockPattern.exec(text) : null;
  if (!found) return false;
  const [, uncounted, nothing, hostid = nothing] = found;
  outline.pool!.lock = lockOf(hostid, uncounted !== undefined);
  outline.poolIsOpen = false;
  return true;
};

function lockOf(hostid: string | undefined, uncounted: boolean): ParsedLock {
  if (hostid === undefined) return { kind: 'floating' };
  return { kind: uncounted ? 'uncountedNodelocked' : 'nodelocked', hostid };
}

export const holder: LineKind = ({ number, text }, outline) => {
  const found = readHolder(text);
  return found !== undefined && outline.addUser(number, found);
};

export const queued: LineKind = ({ number, text }, outline) => {
  const found = readQueued(text);
  return found !== undefined && outline.addQueued(number, found.seat, found.count);
};

export const reservation: LineKind = ({ number, text }, outline) => {
  const found = readReservation(text);
  return found !== undefined && outline.addReservation({ line: number, ...found });
};

export const detail = matching(
  /^"(.*)" v([^",]*), vendor: ([^,]*)(?:, expiry: (.*))?$/,
  ([, name = '', version = '', vendor = '', expiry], line, outline) => {
    const told = expiry === undefined ? {} : { expiry: readExpiry(expiry) };
    return outline.enterPool({ line: line.number, name, version, vendor, ...told });
  },
);

export const counted = matching(
  /^Users of (.+?):\s*\(Total of (\d{1,12}) licenses? issued;\s*(?:Total of )?(\d{1,12}) licenses? in use\)$/,
  ([, name = '', issued, used], line, outline) => {
    const totals = { issued: Number(issued), used: Number(used) };
    enterFeature(outline, line, { kind: 'counted', name, ...totals });
  },
);

export const uncounted = matching(
  /^Users of (.+?):\s*\(Uncounted, node-locked\)$/,
  ([, name = ''], line, outline) => enterFeature(outline, line, { kind: 'uncounted', name }),
);

export const unsupported = matching(
  /^Users of (.+?):\s*\(Error: (\d{1,12}) licenses?, unsupported by licensed server\)$/,
  ([, name = '', issued], line, outline) => {
    enterFeature(outline, line, { kind: 'unsupported', name, issued: Number(issued) });
  },
);

export const unreadable = matching(
  /^Users of (.+?):\s*Cannot get users of (.+)$/,
  ([, name = '', rest = ''], line, outline) => {
    if (!rest.startsWith(`${name}: `)) return false;
    const error = readError(rest.slice(name.length + 2));
    enterFeature(outline, line, { kind: 'error', name, error });
    return true;
  },
);

type FeatureText = ParsedFeature extends infer F
  ? F extends ParsedFeature
    ? Omit<F, 'line' | 'pools'>
    : never
  : never;

function enterFeature(outline: Outline, { number }: Line, feature: FeatureText): void {
  outline.enterFeature({ line: number, ...feature, pools: [] } as ParsedFeature);
}
