import { utimesSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import { corpusFiles, testWithCorpus } from '../../text/corpus.ts';
import { logFile, transcriptOf } from '../log-text.ts';

const stamp = (time: string, date: string): string => `${time} (acmed) TIMESTAMP ${date}`;
const out = (time: string, client = 'ann@ws1'): string =>
  `${time} (acmed) OUT: "solve" ${client}  `;
const back = (time: string, client = 'ann@ws1'): string =>
  `${time} (acmed) IN: "solve" ${client}  `;

describe('dates', () => {
  test('a clock that goes back has passed midnight', async () => {
    const log = logFile([stamp('23:00:00', '3/9/2026'), out('23:50:00'), back(' 0:10:00')]);
    const { sessions } = await transcriptOf([log]);
    expect(sessions).toEqual(['2026-03-09T23:50:00Z/2026-03-10T00:10:00Z solve ann@ws1 checkin']);
  });

  test('what stands before the first date is dated from it', async () => {
    const log = logFile([
      ...[out('22:00:00'), back('22:30:00'), out(' 1:00:00'), stamp(' 2:00:00', '3/10/2026')],
      back(' 3:00:00'),
    ]);
    const { sessions } = await transcriptOf([log]);
    expect(sessions).toEqual([
      '2026-03-09T22:00:00Z/2026-03-09T22:30:00Z solve ann@ws1 checkin',
      '2026-03-10T01:00:00Z/2026-03-10T03:00:00Z solve ann@ws1 checkin',
    ]);
  });

  test('days that nothing tells of are put where the log was silent for longest', async () => {
    const log = logFile([
      ...[stamp('12:00:00', '3/6/2026'), out('17:00:00'), back('18:00:00')],
      ...[out(' 8:00:00'), back(' 8:30:00'), stamp(' 9:00:00', '3/9/2026')],
    ]);
    const { sessions, logs } = await transcriptOf([log]);
    expect(sessions).toEqual([
      '2026-03-06T17:00:00Z/2026-03-06T18:00:00Z solve ann@ws1 checkin',
      '2026-03-09T08:00:00Z/2026-03-09T08:30:00Z solve ann@ws1 checkin',
    ]);
    expect(logs[0]!.timeline.notes).toEqual([{ kind: 'days missing', line: 4, days: 2 }]);
  });

  test('a step back that the next date shows to be none of a midnight is a clock set back', async () => {
    const log = logFile([
      ...[stamp('12:00:00', '3/9/2026'), out('17:00:00'), back('12:30:00')],
      stamp('18:00:00', '3/9/2026'),
    ]);
    const { sessions, history, logs } = await transcriptOf([log]);
    expect(sessions).toEqual(['2026-03-09T17:00:00Z/2026-03-09T17:00:00Z solve ann@ws1 checkin']);
    expect(logs[0]!.timeline.notes).toEqual([{ kind: 'clock set back', line: 3, days: -1 }]);
    expect(history.jumps).toMatchObject([{ line: 3 }]);
  });

  test('the hour that comes twice when summer ends is told by the order of lines', async () => {
    const log = logFile([
      ...[stamp(' 1:00:00', '10/25/2026'), out(' 2:30:00'), back(' 2:50:00')],
      ...[out(' 2:10:00'), back(' 3:10:00')],
    ]);
    const { sessions, history } = await transcriptOf([log], 'Europe/Berlin');
    expect(sessions).toEqual([
      '2026-10-25T00:30:00Z/2026-10-25T00:50:00Z solve ann@ws1 checkin',
      '2026-10-25T01:10:00Z/2026-10-25T02:10:00Z solve ann@ws1 checkin',
    ]);
    expect(history.jumps).toEqual([]);
  });

  test('the hour that summer skips makes no session longer', async () => {
    const log = logFile([stamp(' 1:00:00', '3/29/2026'), out(' 1:59:00'), back(' 3:01:00')]);
    const { sessions } = await transcriptOf([log], 'Europe/Berlin');
    expect(sessions).toEqual(['2026-03-29T00:59:00Z/2026-03-29T01:01:00Z solve ann@ws1 checkin']);
  });

  test('stamps with a zone are the time they say, wherever they are read', async () => {
    const log = logFile([
      '2026-03-09T23:30:00+01:00 (acmed) OUT: "solve" ann@ws1  ',
      '2026-03-10T00:30:00+01:00 (acmed) IN: "solve" ann@ws1  ',
      '2026-03-10T06:30:00Z (acmed) OUT: "solve" ann@ws1  ',
      '2026-03-10T07:30:00Z (acmed) IN: "solve" ann@ws1  ',
    ]);
    const { sessions } = await transcriptOf([log], 'Asia/Tokyo');
    expect(sessions).toEqual([
      '2026-03-09T22:30:00Z/2026-03-09T23:30:00Z solve ann@ws1 checkin',
      '2026-03-10T06:30:00Z/2026-03-10T07:30:00Z solve ann@ws1 checkin',
    ]);
  });

  test('a log without any date ends on the day on which its file was written', async () => {
    const path = logFile([out('23:00:00'), back(' 1:00:00')]);
    utimesSync(path, new Date(), new Date(2026, 2, 10, 12));
    const { events, logs } = await transcriptOf([path]);
    expect(events.map((each) => each.slice(0, 10))).toEqual(['2026-03-09', '2026-03-10']);
    expect(logs[0]!.dated).toBe('the time of the file');
  });

  test('a weekend without a line is a gap', async () => {
    const log = logFile([stamp('18:00:00', '3/6/2026'), stamp(' 8:00:00', '3/9/2026')]);
    const { history } = await transcriptOf([log]);
    expect(history.gaps).toEqual([
      { from: Date.UTC(2026, 2, 6, 18), to: Date.UTC(2026, 2, 9, 8), line: 2 },
    ]);
  });
});

describe('sessions', () => {
  const day = stamp(' 8:00:00', '3/9/2026');

  test('a check-in of as many closes that checkout, else the oldest ones', async () => {
    const log = logFile([
      ...[day, ' 8:01:00 (acmed) OUT: "solve" ann@ws1  (4 licenses) '],
      ' 8:02:00 (acmed) OUT: "solve" ann@ws1  (2 licenses) ',
      ' 8:03:00 (acmed) IN: "solve" ann@ws1  (2 licenses) ',
      ' 8:04:00 (acmed) IN: "solve" ann@ws1  (3 licenses) ',
      ' 8:05:00 (acmed) IN: "solve" ann@ws1  ',
    ]);
    const { sessions, steps } = await transcriptOf([log]);
    expect(sessions).toEqual([
      '2026-03-09T08:02:00Z/2026-03-09T08:03:00Z solve ann@ws1 x2 checkin',
      '2026-03-09T08:01:00Z/2026-03-09T08:04:00Z solve ann@ws1 x3 checkin',
      '2026-03-09T08:01:00Z/2026-03-09T08:05:00Z solve ann@ws1 checkin',
    ]);
    expect(steps.map((step) => step.slice(11))).toEqual([
      ...['08:01:00Z solve 4', '08:02:00Z solve 6', '08:03:00Z solve 4'],
      ...['08:04:00Z solve 1', '08:05:00Z solve 0'],
    ]);
  });

  test('say why they ended', async () => {
    const log = logFile([
      ...[day, out(' 8:01:00'), ' 8:02:00 (acmed) IN: "solve" ann@ws1  (INACTIVE)'],
      ...[out(' 8:03:00'), ' 8:04:00 (acmed) EXITING DUE TO SIGNAL 15'],
      ...[' 8:04:00 (acmed) IN: "solve" ann@ws1  (SHUTDOWN)', out(' 8:05:00', 'ben@ws2')],
      ...[' 8:06:00 (lmgrd) REStarted acmed (internet tcp_port 43652 pid 22155)', out(' 8:07:00')],
    ]);
    const { sessions, history } = await transcriptOf([log]);
    expect(sessions.map((session) => session.split(' ').slice(2).join(' '))).toEqual([
      ...['ann@ws1 inactive', 'ann@ws1 shutdown', 'ben@ws2 restart', 'ann@ws1 open'],
    ]);
    expect(history.openAtEnd).toBe(1);
  });

  test('that were out when the log began have no begin, and are told as unmatched', async () => {
    const { sessions, history } = await transcriptOf([logFile([day, back(' 9:00:00')])]);
    expect(sessions).toEqual(['?/2026-03-09T09:00:00Z solve ann@ws1 checkin']);
    expect([history.unmatchedIn, history.unmatchedLines]).toEqual([1, [2]]);
  });

  test('of two daemons do not close each other', async () => {
    const log = logFile([day, out(' 8:01:00'), ' 8:02:00 (betad) IN: "solve" ann@ws1  ']);
    const { sessions } = await transcriptOf([log]);
    expect(sessions.map((session) => session.split(' ').at(-1))).toEqual(['checkin', 'open']);
  });

  test('go on in the next file of a rotated log, in whatever order files are named', async () => {
    const first = logFile([day, out(' 8:01:00')]);
    const second = logFile([stamp(' 9:00:00', '3/9/2026'), back(' 9:01:00')]);
    const { sessions } = await transcriptOf([second, first]);
    expect(sessions).toEqual(['2026-03-09T08:01:00Z/2026-03-09T09:01:00Z solve ann@ws1 checkin']);
  });

  test('are the same from a gzipped log, one with CRLF, and one that is cut in its last line', async () => {
    const lines = [day, out(' 8:01:00'), back(' 8:02:00'), out(' 8:03:00').trimEnd()];
    const plain = await transcriptOf([logFile(lines)]);
    const packed = logFile(gzipSync(lines.map((line) => `${line}\r\n`).join('')), 'debug.log.gz');
    const cut = logFile(Buffer.from(lines.join('\n')));
    expect((await transcriptOf([packed])).sessions).toEqual(plain.sessions);
    expect((await transcriptOf([cut])).sessions).toEqual(plain.sessions);
  });

  test('a packed log that was cut tells what it has', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => out(' 8:01:00', `u${index}@ws1`));
    const packed = gzipSync([day, ...lines].join('\n'));
    const cut = logFile(packed.subarray(0, packed.length - 2_000), 'debug.log.gz');
    const { events } = await transcriptOf([cut]);
    expect(events.length).toBeGreaterThan(1_000);
    expect(events.length).toBeLessThan(5_000);
  });

  test('a reason on a line of its own belongs to the denial above', async () => {
    const log = logFile([
      ...[day, ' 8:01:00 (acmed) DENIED: solve ann@ws1  [acmed] '],
      '(Licensed number of users already reached. (-4,342:10054 )) ',
    ]);
    const { events } = await transcriptOf([log]);
    expect(events).toEqual(['2026-03-09T08:01:00Z denied solve ann@ws1 -4,342']);
  });
});

describe('every line is accounted for', () => {
  test('what is not understood is listed with its place', async () => {
    const lines = [stamp(' 8:00:00', '3/9/2026'), 'what is this?', out(' 8:01:00'), 'and that'];
    const { counts } = await transcriptOf([logFile(lines)]);
    expect(counts.strangeLines).toEqual([
      { line: 2, byte: lines[0]!.length + 1, text: 'what is this?' },
      { line: 4, byte: lines.slice(0, 3).join('\n').length + 1, text: 'and that' },
    ]);
    expect([counts.lines, counts.understood, counts.ignored, counts.strange]).toEqual([4, 2, 0, 2]);
  });

  test('a line without end is one line, and does not stay in memory', async () => {
    const endless = Buffer.concat([
      Buffer.from(`${stamp(' 8:00:00', '3/9/2026')}\n`),
      Buffer.alloc(3_000_000, 'x'),
      Buffer.from(`\n${out(' 8:01:00')}\nstrange`),
    ]);
    const { counts, events } = await transcriptOf([logFile(endless)]);
    expect([counts.lines, counts.strange, events.length]).toEqual([4, 2, 1]);
    expect(counts.strangeLines[1]).toMatchObject({ byte: endless.length - 'strange'.length });
  });

  test('a file without a line of a log is none', async () => {
    const path = logFile(['hello', 'world']);
    await expect(transcriptOf([path])).rejects.toThrow(KnownError);
    await expect(transcriptOf([path])).rejects.toMatchObject({ code: 'PLAN_NOT_A_LOG' });
  });

  for (const path of corpusFiles('debug-logs')) {
    testWithCorpus('in a real log', path, async (text) => {
      const { counts } = await transcriptOf([logFile(Buffer.from(text))]);
      expect(counts.understood + counts.ignored + counts.strange).toBe(counts.lines);
      expect(counts.lines).toBe(text.replace(/\n$/, '').split('\n').length);
    });
  }
});

test('a day between lines of nearly the same time of day lies between them, not in an earlier pause', async () => {
  const log = logFile([
    '10:00:00 (acmed) TIMESTAMP 3/9/2026',
    '10:00:00 (acmed) OUT: "solve" ann@ws1  ',
    '12:00:00 (acmed) IN: "solve" ann@ws1  ',
    '10:00:00 (acmed) TIMESTAMP 3/10/2026',
    '10:00:00 (acmed) OUT: "solve" bob@ws1  ',
  ]);
  const { sessions } = await transcriptOf([log]);
  expect(sessions[0]).toBe('2026-03-09T10:00:00Z/2026-03-09T12:00:00Z solve ann@ws1 checkin');
});
