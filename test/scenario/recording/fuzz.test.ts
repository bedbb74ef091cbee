import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import { Rng } from '../../../src/base/rng.ts';
import { loadScenario } from '../../../src/scenario/loading.ts';
import { recordScenario } from '../../../src/scenario/recording/recording.ts';
import { mutated } from '../../documents/mutations.ts';
import { caseTotalOf, FuzzCases } from '../../fuzz-cases.ts';

const cases = new FuzzCases(caseTotalOf(400));
const seed = process.env['FAUXLM_SEED'] ?? 'recordings';
const timeout = 120_000 + cases.total * 50;

/** Logs of ours, and seats as real daemons write them. */
const corpus = [
  ...readdirSync('fixtures/logs')
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join('fixtures/logs', name), 'latin1').slice(0, 4_000)),
  [
    '9:00:00 (lmgrd) TIMESTAMP 3/9/2026',
    '9:00:01 (acmed) OUT: "solve" ann@ws1',
    '9:00:02 (acmed) OUT: "solve" ben@ws2  (3 licenses)',
    '9:00:03 (acmed) DENIED: "solve" cat@ws3  (Licensed number of users already reached. (-4,342))',
    '9:00:04 (acmed) QUEUED: "solve" dan@ws4',
    '9:00:05 (acmed) IN: "solve" ben@ws2  (3 licenses)',
    '9:00:06 (acmed) DEQUEUED: "solve" dan@ws4',
    '9:00:07 (acmed) UNSUPPORTED: "mesh" (PORT_AT_HOST_PLUS   ) ann@ws1  (No such feature exists. (-5,346))',
    '10:00:00 (acmed) IN: "solve" ann@ws1  (INACTIVE)',
    '',
  ].join('\n'),
];

const splinters = [
  ...[
    '\n',
    '\r\n',
    '\0',
    '\t',
    '"',
    '@',
    '(',
    ')',
    ':',
    '  ',
    'OUT: ',
    'IN: ',
    'DENIED: ',
    '(9999 licenses)',
  ],
  ...[
    '23:59:59 ',
    '24:61:99 ',
    '0:00:00 ',
    '(acmed) ',
    '(lmgrd) TIMESTAMP 2/30/2026',
    '(-2147483649,1)',
  ],
  ...[
    '__proto__',
    'ann@ws1@ws2',
    '$' + '{x}',
    '{',
    '- ',
    '# ',
    '\xff\xfe',
    '\u001b[31m',
    '*a',
    '!!js/x',
    '|',
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'fauxlm-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('whatever a log holds, its recording is a scenario without mistakes, or there is none', {
  timeout,
}, async () => {
  const log = join(folder, 'debug.log');
  const file = join(folder, 'recorded.yaml');
  let recorded = 0;
  for (const at of cases) {
    const rng = new Rng(`${seed}-${at}`);
    const text = mutated({ corpus, splinters, lengthMax: 6_000 }, rng);
    const where = `FAUXLM_SEED=${seed}, log ${at}: ${JSON.stringify(text)}`;
    writeFileSync(log, text, 'latin1');
    const options = { name: 'a log', anonymize: rng.chance(1, 2), speed: 1, stepsMax: 1_000 };
    try {
      const recording = await recordScenario({ ...options, logs: [log], options: {} });
      writeFileSync(file, recording.text);
      expect(loadScenario(file).problems, where).toEqual([]);
      recorded++;
    } catch (error) {
      if (!(error instanceof KnownError)) throw new Error(where, { cause: error });
      expect(error.code, where).toBe('USAGE');
    }
  }
  // Some logs still had seats.
  expect(recorded).toBeGreaterThan(cases.done / 10);
});
