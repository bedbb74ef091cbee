import type { Attributes, FeatureLine } from './model.ts';

/** `FLEXID=9-1a2b3c4d`, or the number alone. Source: End User Guide v10, App. A. */
const dongle = /^(?:FLEXID=\S+|\d{1,2}-[\da-f]{8})$/i;

/** What FLOAT_OK makes of a line; undefined without it. */
export type FloatOk = 'floats' | 'bad' | undefined;

/**
 * FLOAT_OK asks for exactly one dongle in HOSTID= (-121). While that is at the license server, the line floats.
 * fauxlm has no dongles: all are taken to be there.
 * Source: End User Guide v10, ch. 8, "Node-Locked to a FLEXid with FLOAT_OK"; error list, -121.
 */
export function floatOkOf({ floatOk, hostids = [] }: Attributes): FloatOk {
  if (floatOk === undefined) return undefined;
  return hostids.length === 1 && dongle.test(hostids[0]!) ? 'floats' : 'bad';
}

/** A floating line without a count lets one use it at a time. Source: as above. */
export function floating(line: FeatureLine): FeatureLine {
  const single = line.count === 0 && floatOkOf(line.attributes) === 'floats';
  return single ? { ...line, count: 1 } : line;
}
