import { describe, expect, test } from 'vitest';
import { Rng } from '../../../src/base/rng.ts';
import {
  type Recording,
  type RecordingOptions,
  recordScenario,
} from '../../../src/scenario/recording/recording.ts';
import { failureLines, problemTexts } from '../../../src/scenario/reporters/reporter.ts';
import { corpusFiles, corpusPath, testWithCorpus } from '../../text/corpus.ts';
import { makeFile, runFiles } from '../make.ts';

function record(log: string, options: Partial<RecordingOptions> = {}): Promise<Recording> {
  return recordScenario({
    ...{ logs: [makeFile(log, 'debug.log')], name: 'recorded', anonymize: false, speed: 1 },
    ...{ stepsMax: 10_000, options: {} },
    ...options,
  });
}

/** The steps of a recording, as they stand in its file. */
function stepsOf({ text }: Recording): string {
  return text.slice(text.indexOf('steps:\n') + 'steps:\n'.length);
}

/** Plays a recording; what went wrong, '' when nothing did. */
async function replay({ text }: Recording): Promise<string> {
  const { results } = await runFiles([makeFile(text)]);
  return results.flatMap((each) => [...failureLines(each), ...problemTexts(each)]).join('\n');
}

const day = `
 8:59:50 (lmgrd) FlexNet Licensing (v11.18.1 build 9 x64_lsb) started on alpha (linux) (3/9/2026)
 9:00:00 (acmed) IN: "solve" eve@ws9  
 9:00:00 (acmed) OUT: "solve" ann@ws1  (2 licenses) 
 9:05:00 (acmed) OUT: "solve" Ben van Dam@ws2  
 9:06:00 (acmed) DENIED: "solve" cat@ws3  (Licensed number of users already reached. (-4,342))
 9:07:00 (acmed) DENIED: "other" cat@ws3  (No such feature exists. (-5,346))
 9:07:01 (acmed) DENIED: "solve" dan@ws4  (User/host on EXCLUDE list for feature. (-38,348))
 9:08:00 (acmed) QUEUED: "solve" cat@ws3  
what is this
 9:30:00 (acmed) IN: "solve" ann@ws1  (2 licenses) 
 9:30:00 (acmed) OUT: "solve" cat@ws3  
 9:40:00 (acmed) OUT: "mesh" cat@ws3  [job 7] 
10:00:00 (acmed) IN: "solve" cat@ws3  (INACTIVE)
10:00:00 (acmed) IN: "mesh" cat@ws3  
`;

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 1.0 permanent 3 SIGN=00
INCREMENT mesh acmed 1.0 permanent 3 SIGN=00
`;

test('a log becomes a scenario that replays it, on the licenses that were out', async () => {
  const recording = await record(day);
  expect(recording.text).toBe(`name: recorded
about: "recorded by fauxlm record from a debug log, 2026-03-09T09:00:00 to 2026-03-09T10:00:00"
clock: 2026-03-09T09:00:00
servers:
  - license: |
      SERVER this_host ANY
      VENDOR acmed
      INCREMENT solve acmed 1.0 permanent 3 DUP_GROUP=NONE SIGN=00
      INCREMENT mesh acmed 1.0 permanent 1 DUP_GROUP=NONE SIGN=00
steps:
  - checkout: { feature: solve, user: eve@ws9 }
    expect: granted
    note: out since before the log
  - checkin: { user: eve@ws9, feature: solve }
  - checkout: { feature: solve, user: ann@ws1, count: 2 }
    expect: granted
  - advance: 5m
  - checkout: { feature: solve, user: Ben_van_Dam@ws2 }
    expect: granted
  - advance: 1m
  - checkout: { feature: solve, user: cat@ws3 }
    expect: { denied: -4 }
  - advance: 1m
  - checkout: { feature: other, user: cat@ws3 }
    expect: { denied: -5 }
  - advance: 1m
  - checkout: { feature: solve, user: cat@ws3, wait: true }
    expect: queued
  - advance: 22m
  - checkin: { user: ann@ws1, feature: solve }
  - advance: 10m
  - checkout: { feature: mesh, user: cat@ws3, data: job 7 }
    expect: granted
  - advance: 20m
  - checkin: { user: cat@ws3, feature: solve }
  - checkin: { user: cat@ws3, feature: mesh }
`);
  expect(recording.summary).toEqual({
    ...{ steps: 18, checkouts: 4, denied: 2, queued: 1, checkins: 4, users: 4, features: 3 },
    ...{ from: '2026-03-09T09:00:00', to: '2026-03-09T10:00:00', lines: 15 },
    ...{ notUnderstood: 1, firstNotUnderstood: 10, respelled: 1 },
    leftOut: { 'denials with -38, which these licenses do not explain': 1 },
  });
  expect(await replay(recording)).toBe('');
});

test('nobody is named in an anonymous one, and the same name has the same pseudonym', async () => {
  const recording = await record(day, { anonymize: true });
  expect(recording.text).not.toMatch(/ann|ben|cat|eve|ws\d|job/i);
  expect(stepsOf(recording)).toContain('checkout: { feature: mesh, user: user4@host4 }');
  expect(stepsOf(recording)).toContain('checkin: { user: user4@host4, feature: solve }');
  expect(recording.summary).toMatchObject({ respelled: 0 });
  expect(await replay(recording)).toBe('');
});

test('on license and options files of your own what the log says is expected', async () => {
  const recording = await record(day, { license, options: { acmed: 'EXCLUDE solve USER dan\n' } });
  expect(recording.text).toContain(`    options:
      acmed: |
        EXCLUDE solve USER dan
`);
  expect(stepsOf(recording)).toContain('expect: { denied: -38 }');
  expect(recording.summary.leftOut).toEqual({});
  expect(await replay(recording)).toBe('');
  // Not so on a license file that has more.
  const wrong = await record(day, { license: license.replace('permanent 3', 'permanent 9') });
  expect(await replay(wrong)).toContain('denied (-4)');
});

test('time may pass faster, or not at all', async () => {
  const advances = async (speed: number): Promise<readonly string[]> => {
    return stepsOf(await record(day, { speed })).match(/(?<=advance: ).*/g) ?? [];
  };
  expect(await advances(60)).toEqual(['5s', '1s', '1s', '1s', '22s', '10s', '20s']);
  expect(await advances(Number.POSITIVE_INFINITY)).toEqual([]);
  const fast = await record(day, { speed: Number.POSITIVE_INFINITY });
  expect(await replay(fast)).toBe('');
});

test('a recording has no more steps than it may, and says what it left out', async () => {
  const recording = await record(day, { stepsMax: 6 });
  expect(recording.summary).toMatchObject({
    ...{ steps: 5, checkouts: 3, denied: 0, lines: 15, to: '2026-03-09T09:05:00' },
    leftOut: { 'events after the last step that a recording may have': 9 },
  });
  expect(await replay(recording)).toBe('');
});

describe('what else a log may tell', () => {
  const prefix = ' 9:00:00 (acmed) ';
  const lines = (...texts: readonly string[]) => texts.map((each) => `${prefix}${each}\n`).join('');

  test('a daemon that starts again has forgotten what was out', async () => {
    const recording = await record(
      lines('OUT: "solve" ann@ws1  ', 'OUT: "solve" ann@ws1  ') +
        ' 9:01:00 (lmgrd) Started acmed (internet tcp_port 4000 pid 12)\n' +
        ' 9:01:01 (acmed) OUT: "solve" ann@ws1  \n',
    );
    expect(stepsOf(recording)).toContain(`  - checkin: { user: ann@ws1, feature: solve }
  - advance: 1s
  - checkout: { feature: solve, user: ann@ws1 }`);
    expect(await replay(recording)).toBe('');
  });

  test('of several checkouts of one user the one of as many licenses is given back', async () => {
    const recording = await record(
      lines(
        'OUT: "solve" ann@ws1  ',
        'OUT: "solve" ann@ws1  (2 licenses) ',
        'IN: "solve" ann@ws1  (2 licenses) ',
        'IN: "solve" ann@ws1  ',
      ),
    );
    expect(stepsOf(recording)).toContain(`  - checkin: { user: ann@ws1, feature: solve, count: 2 }
  - checkin: { user: ann@ws1, feature: solve }
`);
    expect(await replay(recording)).toBe('');
  });

  test('verbose lines tell versions, projects, how many there are, and who shares a license', async () => {
    const verbose = (inUse: number, duplicate: string) =>
      `^^^ 2.1 ann 10.0.0.7 4711 0x65 ${inUse} 5 bridge 11 18 3-9-2026 9:00:00 ${duplicate} ^^^`;
    const recording = await record(
      lines(
        `OUT: "solve" ann@ws1   ${verbose(1, 'NO')}`,
        `OUT: "solve" ann@ws1   ${verbose(1, 'YES')}`,
        `IN: "solve" ann@ws1   ${verbose(1, 'YES')}`,
        `IN: "solve" ann@ws1   ${verbose(0, 'NO')}`,
      ),
    );
    expect(recording.text).toContain('INCREMENT solve acmed 2.1 permanent 5 ');
    expect(
      stepsOf(recording),
    ).toBe(`  - checkout: { feature: solve, user: ann@ws1, version: 2.1, project: bridge }
    expect: granted
  - checkin: { user: ann@ws1, feature: solve }
`);
    expect(recording.summary.leftOut).toEqual({ 'events of licenses that were shared': 2 });
    expect(await replay(recording)).toBe('');
  });

  test('a reason on a line of its own; two daemons with one feature; names that YAML reads otherwise', async () => {
    const recording = await record(
      `${lines(
        'OUT: "12" yes@0x10  ',
        'DENIED: "12" no@ws1  ',
        '(Licensed number of users already reached. (-4,342))',
      )} 9:00:00 (otherd) OUT: "12" no@ws1  \n 9:00:00 (otherd) OUT: "a,b" \${x}@ws1  \n`,
    );
    expect(stepsOf(recording)).toBe(`  - checkout: { feature: "12", user: yes@0x10, vendor: acmed }
    expect: granted
  - checkout: { feature: "12", user: no@ws1, vendor: acmed }
    expect: { denied: -4 }
  - checkout: { feature: "12", user: no@ws1, vendor: otherd }
    expect: granted
  - checkout: { feature: "a,b", user: "$_x}@ws1" }
    expect: granted
`);
    expect(await replay(recording)).toBe('');
  });

  test('nothing: then there is no scenario', async () => {
    await expect(record('a letter\n')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('got 1 line without any, 1 not understood'),
    });
  });
});

/** A log of a server with any number of licenses, in which also happens what cannot be. */
function randomLog(rng: Rng): string {
  let minute = 9 * 60;
  const words = ['OUT', 'OUT', 'OUT', 'IN', 'IN', 'QUEUED', 'DEQUEUED', 'DENIED'] as const;
  const pick = <T>(list: readonly T[]): T => list[rng.below(list.length)]!;
  const lines = Array.from({ length: 120 }, () => {
    minute += rng.below(4);
    const time = `${Math.floor(minute / 60)}:${`${minute % 60}`.padStart(2, '0')}:00`;
    const who = `${pick(['ann', 'ben', 'cat', 'dan'])}@${pick(['ws1', 'ws2'])}`;
    const word = pick(words);
    const count = rng.chance(1, 4) ? ' (2 licenses) ' : '';
    const why = word === 'DENIED' ? ` (All in use. (${pick([-4, -4, -4, -5, -26])},342))` : '';
    return `${time} (acmed) ${word}: "${pick(['solve', 'mesh'])}" ${who} ${count}${why}`;
  });
  return lines.map((line) => `${line}\n`).join('');
}

test.each(['one', 'two', 'three', 'four', 'five'])(
  'whatever a log says, its recording passes: seed %s',
  async (seed) => {
    const recording = await record(randomLog(new Rng(seed)));
    expect(recording.summary.steps).toBeGreaterThan(60);
    expect(await replay(recording)).toBe('');
  },
);

const realLogs = /adskflex|hpc|uni-win|\*$/;

for (const path of corpusFiles('debug-logs').filter((each) => realLogs.test(each))) {
  const title = 'the first 300 steps of a real log pass on what they show was there';
  testWithCorpus(title, path, async () => {
    const recording = await recordScenario({
      ...{ logs: [corpusPath(path)], name: 'real', anonymize: true, speed: 1 },
      ...{ stepsMax: 300, options: {} },
    });
    expect(recording.summary.steps).toBeGreaterThan(297);
    expect(await replay(recording)).toBe('');
  });
}
