import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DataForm,
  deniedLine,
  dequeuedLine,
  type InReason,
  inLine,
  logClient,
  logPrefix,
  outLine,
  type PrefixStyle,
  queuedLine,
  type SeatLine,
  timestampLine,
  unsupportedLine,
} from '../../src/text/debug-log.ts';
import {
  oldDeniedLine,
  oldSeatLine,
  oldServerDiedLine,
} from '../../src/text/debug-log-parser/old-lines.ts';
import { parseDebugLogLine } from '../../src/text/debug-log-parser/parse-debug-log-line.ts';
import type { ParsedEvent, ParsedSeat } from '../../src/text/debug-log-parser/parsed.ts';
import { DebugLogReader } from '../../src/text/debug-log-parser/reader.ts';
import { type VerboseDetails, verboseLine } from '../../src/text/debug-log-parser/verbose.ts';
import { slogLines } from '../../src/text/debug-log-slog.ts';
import { systemDateLine } from '../../src/text/debug-log-start.ts';
import { printable } from '../../src/text/wording.ts';
import { corpusFiles, testWithCorpus } from './corpus.ts';
import { localTime } from './golden.ts';
import { localIso } from './lmstat-carried.ts';

const at = localTime([2026, 3, 9], [9, 5, 7]);

function event(text: string): ParsedEvent {
  return parseDebugLogLine(`${logPrefix(at, 'acmed')}${text}\n`).event;
}

describe('a line begins with', () => {
  const prefix = (line: string) => parseDebugLogLine(line).prefix;

  test.each(['time', 'datestamp', 'monthDay'] as const)('what style %s writes', (style) => {
    const parsed = prefix(`${logPrefix(at, 'acmed', style)}TIMESTAMP 3/9/2026`);
    expect(parsed).toMatchObject({ style, daemon: 'acmed' });
    const iso = localIso(at, true);
    expect(parsed).toMatchObject(
      {
        time: { time: '09:05:07' },
        datestamp: { date: iso.slice(0, 10), time: iso.slice(11) },
        monthDay: { monthDay: '3/9', time: '09:05' },
      }[style],
    );
    if (style === 'datestamp') expect(parsed?.zone).toMatch(/^[+-]\d\d:\d\d$/);
  });

  test('an hour with a blank, a zero or nothing before it, a zone Z, a copy, a process', () => {
    for (const hour of [' 9', '9', '09']) {
      expect(prefix(`${hour}:05:07 (lmgrd) x`)).toEqual({
        ...{ style: 'time', time: '09:05:07', daemon: 'lmgrd' },
      });
    }
    expect(prefix('2026-03-09T09:05:07Z (acmed_1) x')).toMatchObject({
      zone: 'Z',
      daemon: 'acmed_1',
    });
    expect(prefix(' 9:05:07 (acmed[4711]) x')).toMatchObject({ daemon: 'acmed', pid: 4711 });
  });

  test('nothing, on a line of another kind', () => {
    for (const line of [
      '',
      'Shut down FlexNet acmed license server system on machine x',
      ' 9:05 (a) x',
    ]) {
      expect(parseDebugLogLine(line)).not.toHaveProperty('prefix');
    }
  });
});

/** What a text can carry: no quote and blank in a feature, no blank in a host, brackets that close. */
const word = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...'abcXY019._-@/:,()[]"\''), minLength: 1, maxLength: 8 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  )
  .map(printable)
  .filter((text) => /^\S+$/u.test(text));
const feature = word.filter((text) => !text.includes('"'));
const host = word.filter((text) => !text.includes('@'));
const user = fc.oneof(word, fc.constantFrom('Jo van Dam', 'a@b', 'x (y) z', '', 'a  b'));
const seat = fc.record(
  {
    ...{ feature, user, host, count: fc.integer({ min: 1, max: 99_999 }) },
    data: fc.oneof(word, fc.constantFrom('job 7 of 9', 'a@b', '(2 licenses)', '[x] (y)')),
  },
  { requiredKeys: ['feature', 'user', 'host', 'count'] },
);
const refusal = fc
  .record(
    {
      ...{ major: fc.integer({ min: -150, max: -1 }), minor: fc.nat(9_999), sys: fc.nat(20_000) },
      sysText: fc.constantFrom('Connection reset', 'a (b) c'),
    },
    { requiredKeys: ['major', 'minor'] },
  )
  .map(({ sysText, ...codes }) => ({
    ...codes,
    // The system's words stand behind its number only.
    ...(codes.sys === undefined || sysText === undefined ? {} : { sysText }),
  }));

interface Seat {
  readonly feature: string;
  readonly user: string;
  readonly host: string;
  readonly count: number;
  readonly data?: string;
}

function lineOf({ user, host, ...rest }: Seat): SeatLine {
  return { ...rest, client: logClient(user, host) };
}

/** Without the words of errors, which are those of a table. */
function bare(parsed: ParsedEvent): object {
  if (!('error' in parsed) || !parsed.error) return parsed;
  const { text, ...codes } = parsed.error;
  expect(text).not.toBe('');
  return { ...parsed, error: codes };
}

describe('parse(render(event)) = event', () => {
  const numRuns = Number(process.env['FAUXLM_FUZZ'] ?? 300);

  test('for OUT, IN, QUEUED and DEQUEUED, with count, data and reason, wide and narrow', () => {
    const kind = fc.constantFrom('out', 'in', 'queued', 'dequeued');
    const form = fc.constantFrom<DataForm>('wide', 'narrow');
    const reason = fc.constantFrom<InReason | undefined>(undefined, 'SHUTDOWN', 'INACTIVE');
    fc.assert(
      fc.property(kind, seat, form, reason, (kind, seat, form, reason) => {
        const line = lineOf(seat);
        const why = kind === 'in' && reason ? { reason } : {};
        const text = {
          out: () => outLine(line, form),
          in: () => inLine(line, reason, form),
          queued: () => queuedLine(line),
          dequeued: () => dequeuedLine(line),
        }[kind]!();
        expect(event(text)).toEqual({ kind, ...seat, ...why });
      }),
      { numRuns },
    );
  });

  test('for DENIED and UNSUPPORTED, with their reasons', () => {
    const key = fc.constantFrom(
      'PORT_AT_HOST_PLUS   ',
      '0123456789ABCDEF0123',
      '0A1B 2C3D 4E5F 0011 ',
    );
    fc.assert(
      fc.property(seat, refusal, key, (seat, refusal, key) => {
        expect(bare(event(deniedLine(lineOf(seat), refusal)))).toEqual({
          ...{ kind: 'denied', ...seat, error: refusal },
        });
        const { feature, user, host } = seat;
        const client = logClient(user, host);
        expect(bare(event(unsupportedLine({ feature, client, key }, refusal)))).toEqual({
          ...{ kind: 'unsupported', feature, user, host, count: 1, key, error: refusal },
        });
      }),
      { numRuns },
    );
  });

  test('for the verbose form of each', () => {
    const details: fc.Arbitrary<VerboseDetails> = fc.record({
      ...{
        version: fc.constantFrom('1.0', '2030.0'),
        user: fc.constantFrom('ann', 'Jo van Dam', ''),
      },
      ...{ address: fc.constantFrom('10.0.0.7', '::1'), pid: fc.nat(), handle: fc.nat() },
      ...{ inUse: fc.nat(999), outOf: fc.nat(999), project: fc.constantFrom('', 'bridge') },
      ...{ flexVersion: fc.constant(11), flexRevision: fc.nat(19) },
      ...{ at: fc.integer({ min: at, max: at + 1e11 }), isDuplicate: fc.boolean() },
    });
    fc.assert(
      fc.property(seat, refusal, details, (seat, refusal, details) => {
        const verbose = { ...details, at: localIso(details.at, true) };
        const line = lineOf(seat);
        for (const [kind, text] of [
          ['out', outLine(line)],
          ['in', inLine(line)],
          ['queued', queuedLine(line)],
          ['dequeued', dequeuedLine(line)],
          ['denied', deniedLine(line, refusal)],
        ] as const) {
          const error = kind === 'denied' ? { error: refusal } : {};
          expect(bare(event(verboseLine(text, details)))).toEqual({
            kind,
            ...seat,
            ...error,
            verbose,
          });
        }
      }),
      { numRuns },
    );
  });

  test('for the lines of FLEXlm up to 5', () => {
    const old = fc.record(
      {
        ...{ feature, user: word.filter((text) => !text.includes('@')), host: fc.option(host) },
        ...{ count: fc.integer({ min: 1, max: 99 }), usedSeconds: fc.nat(10_000_000) },
      },
      { requiredKeys: ['feature', 'user', 'host', 'count'] },
    );
    fc.assert(
      fc.property(old, ({ user, host, ...rest }) => {
        const client = host === null ? user : logClient(user, host);
        const seat = { feature: rest.feature, count: rest.count, user, host: host ?? '' };
        const used = rest.usedSeconds === undefined ? {} : { usedSeconds: rest.usedSeconds };
        const line = { ...rest, client };
        expect(event(oldSeatLine('IN', line))).toEqual({ kind: 'in', ...seat, ...used });
        expect(event(oldServerDiedLine(line))).toEqual({
          ...{ kind: 'in', ...seat, ...used, reason: 'SERVER DIED' },
        });
        expect(event(oldDeniedLine(line, at))).toEqual({ kind: 'denied', ...seat });
        const { usedSeconds: _none, ...out } = line;
        expect(event(oldSeatLine('OUT', out))).toEqual({ kind: 'out', ...seat });
      }),
      { numRuns },
    );
  });

  test('for prefixes of every style, times and all', () => {
    const style = fc.constantFrom<PrefixStyle>('time', 'datestamp', 'monthDay');
    fc.assert(
      fc.property(style, fc.integer({ min: 0, max: 4e12 }), (style, at) => {
        const { prefix } = parseDebugLogLine(
          `${logPrefix(at, 'lmgrd', style)}${timestampLine(at)}`,
        );
        const iso = localIso(at, true);
        expect(prefix?.time).toBe(style === 'monthDay' ? iso.slice(11, 16) : iso.slice(11));
        if (style === 'datestamp') expect(`${prefix?.date}T${prefix?.time}`).toBe(iso);
      }),
      { numRuns },
    );
  });

  test('for dates and summaries', () => {
    expect(event(timestampLine(at))).toEqual({ kind: 'timestamp', date: '2026-03-09' });
    expect(event(systemDateLine(at))).toMatchObject({
      kind: 'systemDate',
      at: '2026-03-09T09:05:07',
    });
    const lines = slogLines('acmed', [['=== Vendor Daemon ===', 'PID: 4711'], ['x']]).map(event);
    expect(lines).toEqual([
      { kind: 'slog', text: '='.repeat(47) },
      { kind: 'slog', text: '=== Vendor Daemon ===' },
      { kind: 'slog', text: 'PID: 4711', label: 'PID', value: '4711' },
      { kind: 'slog', text: '' },
      { kind: 'slog', text: 'x' },
      { kind: 'slog', text: '='.repeat(47) },
    ]);
  });
});

describe('forms of other releases, vendors and scripts', () => {
  const ann: ParsedSeat = { feature: 'solve', user: 'ann', host: 'ws1', count: 1 };

  test.each<readonly [string, object]>([
    ['OUT: "solve" ann@ws1', { kind: 'out', ...ann }],
    ['OUT: "solve" ann@ws1 (2 licenses)', { kind: 'out', ...ann, count: 2 }],
    ['IN: "solve" ann@ws1  (SHUTDOWN) ', { kind: 'in', ...ann, reason: 'SHUTDOWN' }],
    ['OUT: "solve" Jörg van Ö@ws1  ', { kind: 'out', ...ann, user: 'Jörg van Ö' }],
    ['DENIED: solve ann@ws1  [acmed] ', { kind: 'denied', ...ann, data: 'acmed' }],
    ['DENIED: 3 "solve" to ann@ws1', { kind: 'denied', ...ann, count: 3 }],
    [
      '(Licensed number of users already reached. (-4,342:10054 )) ',
      {
        kind: 'reason',
        error: {
          text: 'Licensed number of users already reached.',
          major: -4,
          minor: 342,
          sys: 10_054,
        },
      },
    ],
    [
      'Started acmed (pid 4440)',
      { kind: 'daemonStarted', vendor: 'acmed', pid: 4440, again: false },
    ],
    [
      'REStarted acmed (internet tcp_port 43652 pid 22155)',
      { kind: 'daemonStarted', vendor: 'acmed', pid: 22_155, port: 43_652, again: true },
    ],
    [
      'FLEXnet Licensing (v11.6.1.0 build 66138 amd64_re3) started on alpha (linux) (3/5/2011)',
      {
        ...{ kind: 'managerStarted', version: '11.6.1.0', build: 66_138, platform: 'amd64_re3' },
        ...{ host: 'alpha', date: '2011-03-05' },
      },
    ],
    [
      'acmed exited with status 36 (No features to serve)',
      { kind: 'daemonExited', vendor: 'acmed', status: 36, text: 'No features to serve' },
    ],
    [
      'acmed exited with status 0 signal = 17',
      { kind: 'daemonExited', vendor: 'acmed', status: 0, signal: 17 },
    ],
    ['EXITING DUE TO SIGNAL 36 Exit reason 4', { kind: 'exiting', signal: 36, reason: 4 }],
    [
      'SHUTDOWN request from Jo van Dam at node ws1',
      { kind: 'shutdownRequested', user: 'Jo van Dam', host: 'ws1' },
    ],
    ['RESTART', { kind: 'unknown', text: 'RESTART' }],
    ['OUT: "solve" v2.0  user ann@ws1  (handle 1) 1/20', { kind: 'unknown' }],
  ])('%s', (text, expected) => {
    expect(event(text)).toMatchObject(expected);
  });

  test('a list of features goes on over lines of names, packages and all', () => {
    const reader = new DebugLogReader();
    const read = (text: string) => reader.read(`${logPrefix(at, 'acmed')}${text}`).event;
    expect(read('Server started on alpha for:\tsolve\t\t')).toEqual({
      ...{ kind: 'serving', host: 'alpha', names: ['solve'] },
    });
    expect(read('mesh\t\tpost-processing view ')).toMatchObject({
      names: ['mesh', 'post-processing', 'view'],
    });
    expect(read('suite (consisting of:\t\tp\t')).toEqual({
      ...{ kind: 'serving', names: ['p'], package: 'suite' },
    });
    expect(read('q\t\tr)\t\tlast\t')).toMatchObject({ names: ['q', 'r', 'last'] });
    expect(read('EXTERNAL FILTERS are OFF').kind).toBe('chatter');
    expect(read('stray').kind).toBe('unknown');
  });
});

test('no line makes the parser throw, and each is one of the known kinds or unknown', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ maxLength: 80 }).map((rest) => ` 9:05:07 (acmed) OUT: "f" ${rest}`),
    fc.string({ maxLength: 80 }).map((rest) => ` 9:05:07 (acmed) DENIED: "f" a@b (${rest}))`),
  );
  fc.assert(
    fc.property(text, (line) => {
      const parsed = parseDebugLogLine(line);
      expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
    }),
    { numRuns: 500 },
  );
});

// A pattern that goes back and forth over a line would take minutes for one of these.
test.each([
  ' ',
  '@',
  ' (',
  '[',
  '] ',
  '" ',
  ' by ',
  ' ^^^ ',
  'a@b ',
  '(1 licenses) ',
  ') ',
  '\t',
  ': ',
  '(-1,1)',
])('a line of "%s" again and again takes no longer than any other', (piece) => {
  const long = piece.repeat(60_000 / piece.length);
  for (const head of [
    'OUT: "f" a@b',
    'DENIED: "f" a@b',
    'UNSUPPORTED: "f" (k) a@b',
    'IN: f',
    '  ',
    'x',
  ]) {
    for (const tail of ['', '))', ' x', ' (-4,342))', ' ^^^']) {
      expect(event(`${head}${long}${tail}`)).toHaveProperty('kind');
    }
  }
});

const fixtures = fileURLToPath(new URL('../../fixtures/logs/', import.meta.url));

test.each(readdirSync(fixtures).filter((file) => file.endsWith('.log')))(
  'our own log has no line that is not understood (%s)',
  (file) => {
    const reader = new DebugLogReader();
    const lines = readFileSync(`${fixtures}${file}`, 'utf8').split('\n');
    const unknown = lines.filter((line) => reader.read(line).event.kind === 'unknown');
    expect(unknown).toEqual([]);
  },
);

/** Logs that people or scripts made up have lines that no daemon writes: how many. */
const madeUp: Readonly<Record<string, number>> = {
  'debug-logs/goflexlm-iso-extended-a.log': 2,
  'debug-logs/invented-all-scenarios.log': 854,
};

for (const path of corpusFiles('debug-logs')) {
  testWithCorpus('a real log is accounted for line by line', path, (text) => {
    const reader = new DebugLogReader();
    const lines = text.split('\n');
    const events = lines.map((line) => reader.read(line).event);
    const unknown = events.filter(({ kind }) => kind === 'unknown');
    if (!Object.hasOwn(madeUp, path)) expect(unknown).toEqual([]);
    expect(unknown).toHaveLength(madeUp[path] ?? 0);
    if (path.includes('invented')) return;
    const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
    const kinds = { out: ' OUT: ', in: ' IN: ', denied: 'DENIED: ', unsupported: 'UNSUPPORTED: ' };
    for (const [kind, mark] of Object.entries({
      ...kinds,
      queued: ' QUEUED: ',
      dequeued: 'DEQUEUED: ',
    })) {
      const found = events.filter((each) => each.kind === kind);
      expect(found.length, kind).toBe(count(new RegExp(mark)));
    }
    const reasons = events.flatMap((each) =>
      each.kind === 'in' && each.reason ? [each.reason] : [],
    );
    expect(reasons.length).toBe(count(/\((?:SHUTDOWN|INACTIVE)\)/));
  });
}
