import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkinFailedLines,
  deniedLine,
  dequeuedLine,
  expiredLine,
  inLine,
  logClient,
  logPrefix,
  outLine,
  queuedLine,
  renderLogLines,
  type SeatLine,
  timestampLine,
  unsupportedLine,
} from '../../src/text/debug-log.ts';
import { localTime } from './golden.ts';

const at = localTime([2026, 3, 9], [9, 5, 7]);
const seat: SeatLine = { feature: 'solve', client: logClient('ann', 'ws1'), count: 1 };
const several: SeatLine = { ...seat, count: 7 };
const full = { major: -4, minor: 342 };

describe('a line begins with', () => {
  test('the time, its hour in two columns, and the daemon', () => {
    expect(logPrefix(at, 'acmed')).toBe(' 9:05:07 (acmed) ');
    expect(logPrefix(at + 4 * 3_600_000, 'lmgrd')).toBe('13:05:07 (lmgrd) ');
  });

  test('with -datestamp, date, time and zone', () => {
    expect(logPrefix(at, 'acmed', 'datestamp')).toMatch(
      /^2026-03-09T09:05:07[+-]\d\d:\d\d \(acmed\) $/,
    );
  });

  test('nothing, where FlexNet writes a bare line', () => {
    expect(renderLogLines(at, 'lmgrd', ['a', { bare: '' }, { bare: ' b' }])).toBe(
      ' 9:05:07 (lmgrd) a\n\n b\n',
    );
  });
});

describe('an event', () => {
  test('OUT and IN end with two blanks; a count stands between them and one more', () => {
    expect(outLine(seat)).toBe('OUT: "solve" ann@ws1  ');
    expect(inLine(seat)).toBe('IN: "solve" ann@ws1  ');
    expect(outLine(several)).toBe('OUT: "solve" ann@ws1  (7 licenses) ');
    expect(inLine(several)).toBe('IN: "solve" ann@ws1  (7 licenses) ');
  });

  test('IN may have a reason, after everything else', () => {
    expect(inLine(seat, 'SHUTDOWN')).toBe('IN: "solve" ann@ws1  (SHUTDOWN)');
    expect(inLine(several, 'INACTIVE')).toBe('IN: "solve" ann@ws1  (7 licenses) (INACTIVE)');
  });

  test('checkout data stands in brackets, wide or narrow', () => {
    const withData = { ...seat, data: 'job 7' };
    expect(outLine(withData)).toBe('OUT: "solve" ann@ws1  [job 7] ');
    expect(outLine({ ...withData, count: 2 })).toBe('OUT: "solve" ann@ws1  [job 7] (2 licenses) ');
    expect(outLine(withData, 'narrow')).toBe('OUT: "solve" ann@ws1 [job 7]');
    expect(inLine({ ...withData, count: 2 }, undefined, 'narrow')).toBe(
      'IN: "solve" ann@ws1 [job 7] (2 licenses)',
    );
  });

  test('DENIED gives the reason with its code', () => {
    expect(deniedLine(seat, full)).toBe(
      'DENIED: "solve" ann@ws1  (Licensed number of users already reached. (-4,342))',
    );
    expect(deniedLine(several, { ...full, sys: 10054 })).toMatch(
      /^DENIED: "solve" ann@ws1 {2}\(7 licenses\) \(Licensed .+ reached\. \(-4,342:10054 \)\)$/,
    );
  });

  test('UNSUPPORTED names what the client brought: a server, or a license key', () => {
    const request = { feature: 'nosuch', client: seat.client };
    const refusal = { major: -5, minor: 346 };
    expect(unsupportedLine(request, refusal)).toBe(
      'UNSUPPORTED: "nosuch" (PORT_AT_HOST_PLUS   ) ann@ws1  (No such feature exists. (-5,346))',
    );
    expect(unsupportedLine({ ...request, key: '0123 4567 89AB CDEF ' }, refusal)).toContain(
      ' (0123 4567 89AB CDEF ) ann@ws1  (',
    );
  });

  test('queue, expiry, date and a failed check-in', () => {
    expect(queuedLine(seat)).toBe('QUEUED: "solve" ann@ws1  ');
    expect(dequeuedLine(several)).toBe('DEQUEUED: "solve" ann@ws1  (7 licenses) ');
    expect(expiredLine('old')).toBe('EXPIRED: old');
    expect(timestampLine(at)).toBe('TIMESTAMP 3/9/2026');
    const client = { user: 'ann', host: 'ws1', display: ':0' };
    expect(checkinFailedLines('solve', client, { major: 0, minor: 353, sys: 104 })).toEqual([
      'Checkin failed feature "solve": ann ws1 :0',
      '\t" (0,353:104 "")"',
    ]);
  });
});

test('no name can forge a line', () => {
  const name = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(
    fc.property(name, name, name, (user, host, other) => {
      const client = logClient(user, host);
      const lines = [
        outLine({ feature: 'solve', client, count: 2, data: other }),
        deniedLine({ feature: other, client, count: 1 }, { ...full, sys: 1, sysText: other }),
        unsupportedLine({ feature: other, client, key: other }, full),
      ];
      expect(renderLogLines(at, 'acmed', lines).split('\n')).toHaveLength(4);
    }),
    { numRuns: 60 },
  );
});
