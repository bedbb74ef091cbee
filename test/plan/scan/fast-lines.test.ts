import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withBytesBehind } from '../../../src/plan/scan/byte-words.ts';
import { FastLines, fastLine } from '../../../src/plan/scan/fast-lines.ts';
import { LogNames, reasonOf } from '../../../src/plan/scan/log-names.ts';
import { logEvents } from '../../../src/plan/scan/seat-block.ts';
import { Timeline } from '../../../src/plan/scan/timeline.ts';
import { parseDebugLogLine } from '../../../src/text/debug-log-parser/parse-debug-log-line.ts';
import { corpusFiles, testWithCorpus } from '../../text/corpus.ts';

interface Read {
  readonly kind: string;
  readonly [field: string]: unknown;
}

const names = new LogNames();
const timeline = new Timeline(0, () => {});
const fast = new FastLines(names, timeline);
fast.knowStamp(20260309, 60);

/** What the fast reader makes of a line; undefined when it leaves it to the parser. */
function readFast(line: string, encoding: BufferEncoding = 'utf8'): Read | undefined {
  const bytes = Buffer.from(`${line}\n`, encoding);
  fast.open(withBytesBehind(bytes));
  const next = fast.read(0, 1);
  if (next < 0) return undefined;
  expect(next).toBe(bytes.length);
  const row = timeline.block.size - 1;
  // The block is full of what was, from then on begun anew.
  timeline.settle();
  if (fast.kind === fastLine.slog) return { kind: 'slog', second: timeline.second };
  const { block } = timeline;
  return {
    kind: logEvents[block.kind[row]!]!,
    second: block.second[row],
    ...names.feature(block.feature[row]!),
    ...names.client(block.client[row]!),
    count: block.count[row],
    reason: names.reasonText(block.reason[row]!),
  };
}

/** The same in the parser's view. */
function readSlowly(line: string): Read {
  const { prefix, event } = parseDebugLogLine(line);
  const [hour = 0, minute = 0, second = 0] = (prefix?.time ?? '').split(':').map(Number);
  const at = (hour * 60 + minute) * 60 + second;
  if (!('user' in event) || !('count' in event)) return { kind: event.kind, second: at };
  const { kind, feature, user, host, count } = event;
  const daemon = (prefix?.daemon ?? '').replace(/_\d{1,9}$/, '');
  return { kind, second: at, daemon, feature, user, host, count, reason: reasonOf(event) };
}

describe('a line read fast is what the parser says', () => {
  test.each([
    ' 9:49:41 (acmed) OUT: "solve" ann@ws1  ',
    '9:49:41 (acmed) OUT: "solve" ann@ws1',
    '09:49:41 (acmed) OUT: "solve" ann@ws1  \r',
    ' 9:49:41 (acmed_1) OUT: "solve" ann@ws1  (20 licenses) ',
    '19:49:41 (acmed) IN: "solve" ann@ws1.lab.tst  (SHUTDOWN)',
    '19:49:41 (acmed) IN: "solve" ann@ws1  (4 licenses) (INACTIVE)',
    '19:49:41 (acmed) OUT: "solve" Ann Mary@ws1 [data (x)] (2 licenses)',
    '19:49:41 (acmed) OUT: "solve" a@b@ws1  ',
    '19:49:41 (acmed) OUT: "solve" @ws1  ',
    '19:49:41 (acmed) OUT: "solve" Ragñ@ws1  ',
    '9:49:41 (acmed) DENIED: "solve" ann@ws1  (Licensed number of users already reached. (-4,342))',
    '9:49:41 (acmed) DENIED: "solve" ann@ws1  (Text (with) brackets. (-4,342:10054 ))',
    '9:49:41 (acmed) DENIED: "solve" ann@ws1  ',
    '9:49:41 (acmed) (@acmed-SLOG@) === Peak ===',
    '9:49:41 (acmed) (@acmed-SLOG@) ',
    '2026-03-09T09:49:41+01:00 (acmed) OUT: "solve" ann@ws1  ',
    '2026-03-09T09:49:41+0100 (acmed) OUT: "solve" ann@ws1  ',
  ])('%j', (line) => {
    expect(readFast(line)).toEqual(readSlowly(line));
  });

  test('in Latin-1, too', () => {
    const line = ' 9:49:41 (MLM) OUT: "MATLAB" Ragñ@ws1  ';
    expect(readFast(line, 'latin1')).toEqual(readSlowly(line));
  });

  test.each([
    ' 9:49:41 (acmed) OUT: "solve" ann@ws1  ^^^ 1.0 ann 10.0.0.7 4711 0x65 1 3 x 11 18 3-9-2026 9:05:07 NO ^^^',
    ' 9:49:41 (acmed[77]) OUT: "solve" ann@ws1  ',
    ' 9:49:41 (acmed) OUT: solve ann@ws1  ',
    ' 9:49:41 (acmed) OUT: "solve" ann by ws1',
    ' 9:49:41 (acmed) IN: "solve" ann@ws1(SHUTDOWN)',
    ' 9:49:41 (acmed) (@other-SLOG@) x',
    '25:49:41 (acmed) OUT: "solve" ann@ws1  ',
    '2026-03-10T09:49:41+01:00 (acmed) OUT: "solve" ann@ws1  ',
    '2026-03-09T09:49:41Z (acmed) OUT: "solve" ann@ws1  ',
    ' 9:49:41 (acmed) TIMESTAMP 3/9/2026',
    '',
  ])('or left to it: %j', (line) => {
    expect(readFast(line)).toBeUndefined();
  });

  test('whatever the line is made of', () => {
    const piece = fc.constantFrom(
      ...[
        ' 9:49:41',
        '19:00:00',
        ' (acmed) ',
        '(',
        ')',
        ' ',
        '  ',
        '"',
        'OUT: "',
        'IN: "',
        'DENIED: "',
      ],
      ...[
        'solve',
        '" ',
        '@',
        'ann',
        'ws1',
        'é',
        '[x]',
        '(2 licenses) ',
        '(SHUTDOWN)',
        '(INACTIVE)',
      ],
      ...['(Licensed number of users already reached. (-4,342))', '(-4,342)', '^^^', '\t', '\r'],
      ...['(@acmed-SLOG@) ', '[', ']', '(1 license)', ' (acmed) OUT: "solve" ann@ws1 ', '\u00a0'],
    );
    const lines = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    const likely = lines.map((rest) => ` 9:49:41 (acmed) OUT: "solve" ann@ws1 ${rest}`);
    fc.assert(
      fc.property(fc.oneof(lines, likely), (line) => {
        const read = readFast(line);
        if (read !== undefined) expect(read).toEqual(readSlowly(line));
      }),
      { numRuns: 5_000 },
    );
  });
});

for (const log of corpusFiles('debug-logs')) {
  testWithCorpus('every line read fast is what the parser says', log, (text) => {
    const differing = text.split('\n').filter((line) => {
      const read = readFast(line);
      return read && JSON.stringify(read) !== JSON.stringify(readSlowly(line));
    });
    expect(differing).toEqual([]);
  });
}
