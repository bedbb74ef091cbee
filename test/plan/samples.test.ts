import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedHistory } from '../../src/plan/generate/generate.ts';
import { planPage } from '../../src/plan/page/plan-page.ts';
import { planAsJson } from '../../src/plan/plan-json.ts';
import { planMarkdown } from '../../src/plan/plan-tables.ts';
import { planText } from '../../src/plan/plan-text.ts';
import { csvCells } from '../../src/plan/samples/csv-lines.ts';
import { ingestSources } from '../../src/plan/samples/ingest-samples.ts';
import type { SampleFile } from '../../src/plan/samples/poll.ts';
import { readTraces } from '../../src/plan/sources.ts';
import { usageRows } from '../../src/plan/usage/usage-report.ts';
import { corpusFiles, corpusPath, testWithCorpus } from '../text/corpus.ts';
import { testFolder } from './log-text.ts';
import { logOf, MONDAY, plan, poisson } from './sessions.ts';

const MINUTE_MS = 60_000;
const zone = process.env['TZ'] ?? 'UTC';

/** A log and the outputs of lmstat of one seed. */
function generated(
  pollMs: number,
  change: { seats?: number; holdMs?: number; outages?: number } = {},
) {
  const wanted = {
    ...{
      calendar: 'quarter' as const,
      feature: 'solve',
      daemon: 'acmed',
      host: 'alpha',
      seats: 60,
    },
    ...{ users: 80, perHour: 25, holdMs: 45 * MINUTE_MS, start: Date.UTC(2026, 1, 2), days: 29 },
    ...{ restarts: 1, outages: 0, seed: '1', pollMs, ...change },
  } as const;
  const folder = testFolder();
  const paths = { log: join(folder, 'debug.log'), lmstat: join(folder, 'polls.txt') };
  const texts = { log: '', lmstat: '' };
  for (const { form, text } of generatedHistory(wanted)) texts[form] += text;
  for (const form of ['log', 'lmstat'] as const) writeFileSync(paths[form], texts[form]);
  return paths;
}

const inZone = (source: string, options = {}) => plan([source], { timeZone: zone, ...options });

async function seatHours(source: string): Promise<number> {
  const read = await readTraces({ sources: [source], timeZone: zone });
  const rows = usageRows(read.traces, read.names, { ...read, span: 'month' });
  return rows.reduce((sum, row) => sum + row.seatHours, 0);
}

describe('a log and the outputs of lmstat of one seed', () => {
  test('agree: within what samples cannot see', async () => {
    const { log, lmstat } = generated(10 * MINUTE_MS);
    const [known, sampled] = [await inZone(log), await inZone(lmstat)];
    const [one, other] = [known.features[0]!, sampled.features[0]!];
    expect(Math.abs(other.answer!.seats - one.answer!.seats)).toBeLessThanOrEqual(1);
    // Ends are known to within half of ten minutes, and so is who was there at once.
    expect(Math.abs(other.peak - one.peak)).toBeLessThanOrEqual(2);
    expect(other.present).toMatchObject({ seats: 60, source: 'samples' });
    // What is seen and what is estimated to be unseen come to what there was.
    const { unseenShare } = other.bias!;
    const seen = other.demand.at.length;
    expect(seen).toBeLessThan(one.demand.at.length);
    expect(Math.abs(seen / (1 - unseenShare!) / one.demand.at.length - 1)).toBeLessThan(0.02);
    expect(Math.abs((await seatHours(lmstat)) / (await seatHours(log)) - 1)).toBeLessThan(0.01);
  });

  test('the log is the same whether somebody asks or not', () => {
    const [often, seldom] = [generated(MINUTE_MS * 60), generated(MINUTE_MS * 240)];
    expect(readFileSync(often.log, 'utf8')).toBe(readFileSync(seldom.log, 'utf8'));
  });

  test('a server that is away is no server without users', async () => {
    const { log, lmstat } = generated(20 * MINUTE_MS, { outages: 6 });
    const { traces, samples } = await readTraces({ sources: [lmstat], timeZone: zone });
    expect(samples!.sampling!.failures).toBeGreaterThan(3);
    expect(traces[0]!.sessions.size).toBeGreaterThan(1_000);
    expect(Math.abs((await seatHours(lmstat)) / (await seatHours(log)) - 1)).toBeLessThan(0.01);
  });
});

describe('what samples cannot see', () => {
  test('is said with the answer, in every form', async () => {
    const planned = await inZone(generated(20 * MINUTE_MS, { seats: 14 }).lmstat);
    const { bias } = planned.features[0]!;
    expect(bias!.sentences[0]).toMatch(
      /^from 20\d\d samples, every 20m: denials are not in them, .*\(about \d+ % of all sessions\)$/,
    );
    expect(bias!.sentences[1]).toMatch(/^all seats were out in \d+ % of the samples/);
    for (const text of [planText(planned), planMarkdown(planned), planPage(planned)]) {
      expect(text).toContain('denials are not in them');
    }
    // Ends are guesses, but never so that more would be out than there are.
    expect(planned.features[0]!.peak).toBe(14);
    expect(planAsJson(planned)).toMatchObject({ source: 'lmstat', features: [{ bias }] });
  });

  test('can be too much: sessions shorter than the time between samples', async () => {
    const { features } = await inZone(generated(60 * MINUTE_MS, { holdMs: 10 * MINUTE_MS }).lmstat);
    expect(features[0]!.reason).toMatch(
      /^about \d\d % of its sessions ended before a sample saw them: sample more often than every 1h$/,
    );
  });

  test('can be too much: all seats out most of the time', async () => {
    const { features } = await inZone(generated(30 * MINUTE_MS, { seats: 4 }).lmstat);
    expect(features[0]!.reason).toMatch(/^all seats were out in \d\d % of the samples/);
  });
});

describe('a store of samples', () => {
  test('goes on where it was, whole or sample by sample', async () => {
    const { lmstat } = generated(120 * MINUTE_MS);
    const outputs = readFileSync(lmstat, 'utf8').split(/(?=^lmutil - )/m);
    const [folder, polls, whole] = [testFolder(), testFolder(), testFolder()];
    const options = { logs: [polls], folder, site: 'main', timeZone: zone };
    const put = (from: number, to: number): void => {
      outputs.slice(from, to).forEach((text, index) => {
        writeFileSync(join(polls, `${String(from + index).padStart(4, '0')}.txt`), text);
      });
    };
    put(0, 100);
    expect((await ingestSources(options)).logs[0]).toMatchObject({ state: 'new' });
    expect((await ingestSources(options)).logs[0]).toMatchObject({ state: 'unchanged' });
    put(100, outputs.length);
    const { logs, openSessions } = await ingestSources(options);
    expect(logs[0]).toMatchObject({ state: 'grown', quality: { passedOver: 100 } });
    const once = await ingestSources({ ...options, logs: [lmstat], folder: whole });
    expect(once.openSessions).toBe(openSessions);
    const [parts, all, direct] = [await inZone(folder), await inZone(whole), await inZone(lmstat)];
    for (const { features } of [parts, all]) {
      expect(features[0]!.answer).toEqual(direct.features[0]!.answer);
      expect(features[0]!.demand.at.length).toBe(direct.features[0]!.demand.at.length);
      expect(features[0]!.present).toEqual(direct.features[0]!.present);
    }
    expect(parts.read.samples!.sampling!.polls).toBe(outputs.length);
  });

  test('takes no logs, nor the reverse, and no two kinds at once', async () => {
    const { log, lmstat } = generated(60 * MINUTE_MS);
    const folder = testFolder();
    const options = { folder, site: 'main', timeZone: zone };
    await ingestSources({ ...options, logs: [lmstat] });
    await expect(ingestSources({ ...options, logs: [log] })).rejects.toThrow(
      /site main: expected more samples, got debug logs: name another --site/,
    );
    await ingestSources({ ...options, logs: [log], site: 'other' });
    await expect(plan([log, lmstat])).rejects.toThrow(/^expected sources of one kind/);
  });
});

describe('outputs of lmstat', () => {
  const head = (clock: string): string =>
    `lmutil - Copyright (c) 1989-2023 Flexera.\nFlexible License Manager status on ${clock}\n\n`;
  const users = (...lines: string[]): string =>
    [
      ...['     acmed: UP v11.18.1', 'Feature usage info:', ''],
      `Users of solve:  (Total of 5 licenses issued;  Total of ${lines.length} licenses in use)`,
      ...['', '  "solve" v1.0, vendor: acmed, expiry: permanent', '  floating license', ''],
      ...lines.map((line) => `    ${line}`),
    ].join('\n');
  const ann = 'ann ws1 :0 (v1.0) (alpha/27000 101), start Mon 3/9 8:58';

  test('a line that none of them has is told with its place; one without a time is passed over', async () => {
    const path = join(testFolder(), 'polls.txt');
    const texts = [
      `${head('Mon 3/9/2026 09:00')}${users(ann)}\n`,
      `lmutil - Copyright (c) 1989-2023 Flexera.\n${users(ann)}\n`,
      `${head('Mon 3/9/2026 09:05')}what is this\n${users(ann)}\n`,
      `${head('Mon 3/9/2026 09:10')}${users()}\n`,
      `${head('Mon 3/9/2026 08:10')}${users()}\n`,
    ];
    writeFileSync(path, texts.join(''));
    const { traces, quality } = await readTraces({ sources: [path], timeZone: 'UTC' });
    const at = texts.slice(0, 2).join('').split('\n').length + 3;
    const [file] = (quality as { logs: readonly object[] }).logs;
    expect(file).toMatchObject({
      ...{ notUnderstood: 1, withoutTime: 1, outOfOrder: 1 },
      strangeLines: [{ line: at, text: 'what is this' }],
    });
    const { since, until, size } = traces[0]!.sessions;
    expect(size).toBe(1);
    // It was out in the first sample; and ended between the last that had it and the next one.
    expect(since.at(0)).toBeNaN();
    expect(until.at(0)).toBe(Date.UTC(2026, 2, 9, 9, 7, 30));
  });

  test('a single output without a time is of the time of its file', async () => {
    const path = join(testFolder(), 'one.txt');
    writeFileSync(path, users(ann));
    const { traces, samples } = await readTraces({ sources: [path] });
    expect(traces.map(({ feature }) => feature)).toEqual(['solve']);
    expect(samples!.sampling!.polls).toBe(1);
  });

  test('seats that are only reserved are not out, and those of nobody are somebody', async () => {
    const path = join(testFolder(), 'polls.txt');
    const reserved = '2 RESERVATIONs for GROUP crew (alpha/27000)';
    const text = users(ann, reserved).replace(
      'Total of 2 licenses in use',
      'Total of 4 licenses in use',
    );
    writeFileSync(
      path,
      `${head('Mon 3/9/2026 09:00')}${text}\n${head('Mon 3/9/2026 09:05')}${text}\n`,
    );
    const { traces, names } = await readTraces({ sources: [path], timeZone: 'UTC' });
    const { client } = traces[0]!.sessions;
    expect([...client.values].map((id) => names.client(id).user)).toEqual(['ann', 'seat 1']);
  });
});

describe('every output of the corpus', () => {
  for (const file of corpusFiles('lmstat')) {
    testWithCorpus('has each line accounted for', file, async (text) => {
      const sources = [corpusPath(file)];
      const { quality } = await readTraces({ sources, kind: 'lmstat', timeZone: 'UTC' });
      const [counts] = (quality as { logs: readonly SampleFile[] }).logs;
      const { lines, understood, ignored, notUnderstood, strangeLines } = counts!;
      expect(lines).toBe(text.replace(/\n$/, '').split('\n').length);
      expect(understood + ignored + notUnderstood).toBe(lines);
      expect(strangeLines).toHaveLength(notUnderstood);
    });
  }
});

describe('tables', () => {
  const sessions = poisson('tables', 20, 30);
  const iso = (at: number): string => new Date(at).toISOString();

  test('of sessions answer as the log of the same sessions does', async () => {
    const path = join(testFolder(), 'sessions.csv');
    const rows = sessions.map(
      ({ at, holdMs, user }) => `solve,${iso(at)},${iso(at + holdMs)},"${user}",ws1`,
    );
    writeFileSync(
      path,
      ['feature,start,end,user,host', ...rows, 'solve,when,,x,y', ''].join('\r\n'),
    );
    const [table, log] = [await plan([path]), await plan([logOf(sessions)])];
    expect(table.features[0]!.answer).toEqual(log.features[0]!.answer);
    expect(table.features[0]!.bias!.sentences).toEqual([
      'the table has sessions and no denials: who was refused is not in it',
    ]);
    expect(table.read.quality).toMatchObject({
      logs: [{ notUnderstood: 1, strangeLines: [{ line: rows.length + 2 }] }],
    });
  });

  /** Seats in use every five minutes. */
  function samplesOf(): readonly (readonly [at: number, used: number])[] {
    const changes = sessions
      .flatMap(({ at, holdMs }) => [[at, 1] as const, [at + holdMs, -1] as const])
      .sort((a, b) => a[0] - b[0]);
    const samples: [number, number][] = [];
    let used = 0;
    let next = 0;
    for (let at = MONDAY; at < MONDAY + 29 * 86_400_000; at += 5 * MINUTE_MS) {
      while (next < changes.length && changes[next]![0] <= at) used += changes[next++]![1];
      samples.push([at, used]);
    }
    return samples;
  }

  test('of samples and ranges of Prometheus say the same, near to what the log says', async () => {
    const folder = testFolder();
    const [csv, used, issued] = ['s.csv', 'used.json', 'issued.json'].map((name) =>
      join(folder, name),
    );
    const samples = samplesOf();
    const rows = samples.map(([at, seats]) => `${at / 1000};solve;${seats};25;acmed`);
    writeFileSync(csv!, ['time;feature;used;total;daemon', ...rows, ''].join('\n'));
    const range = (name: string, values: readonly (readonly [number, string])[]): string => {
      const metric = { __name__: name, app: 'acmed', name: 'solve' };
      return JSON.stringify({
        ...{ status: 'success' },
        data: { resultType: 'matrix', result: [{ metric, values }] },
      });
    };
    writeFileSync(
      used!,
      range(
        'flexlm_feature_used',
        samples.map(([at, seats]) => [at / 1000, `${seats}`]),
      ),
    );
    writeFileSync(
      issued!,
      range(
        'flexlm_feature_issued',
        samples.map(([at]) => [at / 1000, '25']),
      ),
    );
    const [table, prometheus] = [await plan([csv!]), await plan([used!, issued!])];
    const log = await plan([logOf(sessions)]);
    expect(prometheus.features[0]!.answer).toEqual(table.features[0]!.answer);
    for (const { features } of [table, prometheus]) {
      expect(features[0]!.present).toMatchObject({ seats: 25, source: 'samples' });
      expect(features[0]!.bias!.sentences.at(-1)).toMatch(/seats are out that have no name/);
      expect(
        Math.abs(features[0]!.answer!.seats - log.features[0]!.answer!.seats),
      ).toBeLessThanOrEqual(2);
    }
    mkdirSync(join(folder, 'db'));
    const options = {
      logs: [used!, issued!],
      folder: join(folder, 'db'),
      site: 'main',
      timeZone: 'UTC',
    };
    await ingestSources(options);
    expect((await plan([options.folder])).features[0]!.answer).toEqual(table.features[0]!.answer);
    // The same from two exporters would count twice.
    await expect(plan([used!, used!])).rejects.toThrow(
      /expected one series of used seats of acmed solve/,
    );
  });

  test.each([
    ['{"status":"error","error":"bad query"}', /got an error: bad query/],
    ['{"status":"success","data":{"resultType":"vector","result":[]}}', /got vector/],
    ['{"status":"success","data":{"resultType":"matrix","result":[]}}', /expected series such as/],
    ['{"status":', /got no JSON/],
    ['time,feature,used\nnow,solve,1\n', /expected rows with a time/],
  ])('%s is refused', async (text, message) => {
    const path = join(testFolder(), 'range');
    writeFileSync(path, text);
    await expect(plan([path])).rejects.toThrow(message);
  });

  test('cells may hold the separator, quotes and nothing', () => {
    expect(csvCells('a,"b,""c""",,d', ',')).toEqual(['a', 'b,"c"', '', 'd']);
    expect(csvCells('"open', ',')).toEqual(['open']);
  });
});
