import { takes } from '../common-words.ts';
import { row } from '../row.ts';
import { code, offset } from '../words.ts';

const HOUR_MS = 3_600_000;

/** Faults of licenses and clocks: a checkout is denied for a reason that is not there. */
export const checkoutFaults = {
  'clock-skew': row({
    summary: 'the clocks of clients differ from the clock of the server',
    sees: '-34 past the tolerance of the vendor daemon',
    example: 'clock-skew by=-2d host=ws1',
    words: { by: offset('how far they are ahead [25h]') },
    takes: takes.checkouts,
    checkout: ({ by = 25 * HOUR_MS }) => ({ kind: 'skewed', ms: by }),
  }),
  'clock-set-back': row({
    summary: 'the clock of the server was set back',
    sees: '-88',
    example: 'clock-set-back feature=solve',
    words: {},
    takes: takes.checkouts,
    checkout: () => denied(-88, 932),
  }),
  hostid: row({
    summary: 'the license is locked to another machine',
    sees: '-9; who holds the license keeps it, since it is looked at when it is checked out',
    example: 'hostid feature=solve host=ws1',
    words: {},
    takes: takes.checkouts,
    checkout: () => denied(-9, 57),
  }),
  removed: row({
    summary: 'the feature is no longer in the license file',
    sees: '-5; who holds the feature loses it with -92, as with a reread',
    example: 'removed feature=solve after=1h',
    words: {},
    takes: takes.checkouts,
    checkout: () => denied(-5, 346),
    withdraws: true,
  }),
  expired: row({
    summary: 'the feature has expired',
    sees: '-10; who holds the license keeps it, as at the midnight of its expiry',
    example: 'expired feature=solve until=2030-01-07T12:00',
    words: {},
    takes: takes.checkouts,
    checkout: () => denied(-10, 32),
  }),
  denied: row({
    summary: 'checkouts are denied with a code of your choice',
    sees: 'that code',
    example: 'denied code=-4 probability=1/3',
    words: { code: code('the FlexNet code [-4]') },
    takes: takes.checkouts,
    checkout: ({ code: major = -4 }) => denied(major, 940),
  }),
} as const;

function denied(major: number, minor: number) {
  return { kind: 'denied', refusal: { major, minor } } as const;
}
