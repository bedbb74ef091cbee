import { expect, vi } from 'vitest';
import {
  deniedLine,
  expiredLine,
  type InReason,
  inLine,
  logPrefix,
  outLine,
  timestampLine,
  unsupportedLine,
} from '../../src/text/debug-log.ts';
import { statisticsSlogLines } from '../../src/text/debug-log-slog.ts';
import { testWithCorpus } from './corpus.ts';
import { localTime } from './golden.ts';

const prefixed = /^([ \d]\d):(\d\d):(\d\d) \((\w+)\) (.*)$/;
const seatEvent = new RegExp(
  [
    /^(OUT|IN|DENIED): "([^"]*)" (\S.*@\S+) {2}(?:\((\d+) licenses\) )?/,
    /(?:\((SHUTDOWN|INACTIVE)\)|\(.*\((-\d+),(\d+)\)\))?$/,
  ]
    .map((part) => part.source)
    .join(''),
);
const unsupported = /^UNSUPPORTED: "([^"]*)" \(([^)]*)\) (\S.*@\S+) {2}\(.*\((-\d+),(\d+)\)\)$/;

/** The same event as our renderers write it, or undefined for a line of another kind. */
function rerendered(text: string): string | undefined {
  const [, kind, feature = '', client = '', licenses, reason, major, minor] =
    seatEvent.exec(text) ?? [];
  const seat = { feature, client, count: Number(licenses ?? 1) };
  if (kind === 'OUT') return outLine(seat);
  if (kind === 'IN') return inLine(seat, reason as InReason | undefined);
  if (kind === 'DENIED') return deniedLine(seat, { major: Number(major), minor: Number(minor) });
  const bad = unsupported.exec(text);
  if (bad) {
    const request = { feature: bad[1]!, key: bad[2]!, client: bad[3]! };
    return unsupportedLine(request, { major: Number(bad[4]), minor: Number(bad[5]) });
  }
  const date = /^TIMESTAMP (\d+)\/(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number);
  if (date) return timestampLine(localTime([date[2]!, date[0]!, date[1]!], [12, 0]));
  const expired = /^EXPIRED: (.*)$/.exec(text);
  return expired ? expiredLine(expired[1]!) : undefined;
}

const logs = [
  ['uni-win-autodesk', 1_000],
  ['uni-win-matlab', 15_000],
  ['hpc-ansys-2017-02', 5_000],
  ['elk-adskflex-sample', 4_000],
] as const;

for (const [log, atLeast] of logs) {
  const title = 'every event of a real log, read and rendered again, is the same';
  testWithCorpus(title, `debug-logs/${log}.log`, (text) => {
    const differing: string[] = [];
    let events = 0;
    for (const line of text.replace(/\r/g, '').split('\n')) {
      const [, hours, minutes, seconds, daemon = '', rest = ''] = prefixed.exec(line) ?? [];
      if (!/^(OUT|IN|DENIED|UNSUPPORTED|TIMESTAMP|EXPIRED)\b/.test(rest)) continue;
      events += 1;
      const at = localTime([2026, 1, 15], [Number(hours), Number(minutes), Number(seconds)]);
      const ours = `${logPrefix(at, daemon)}${rerendered(rest)}`;
      if (ours !== line) differing.push(line);
    }
    expect(differing).toEqual([]);
    expect(events).toBeGreaterThan(atLeast);
  });
}

testWithCorpus(
  'the statistics of a real daemon, read and rendered again, are the same',
  'debug-logs/hpc-ansys-2017-01.log',
  (text) => {
    vi.stubEnv('TZ', 'America/New_York');
    const lines = text.split('\n').filter((line) => line.includes('-SLOG@)'));
    const title = lines.findIndex((line) => line.includes('=== Last 10 Client Requests'));
    const end = lines.findIndex((line, index) => index > title && line.endsWith('='.repeat(47)));
    const real = lines.slice(title - 1, end + 1).map((line) => line.replace(/^.*?(?=\(@)/, ''));
    const block = real.join('\n');
    const request =
      /(\d{8}) ms at +(\d+):(\d+):(\d+)\((\d+)\/(\d+)\/(\d+)\),#(\d+),\((\S+),(\S+),(\d+)\)/g;
    const times = Array.from(block.matchAll(request), (found) => {
      const [hours, minutes, seconds, month, day, year] = found.slice(2).map(Number);
      return {
        at: localTime([year!, month!, day!], [hours!, minutes!, seconds!]),
        ...{ tookMs: Number(found[1]), clients: Number(found[8]), user: found[9]! },
        ...{ host: found[10]!, descriptor: Number(found[11]) },
      };
    });
    const at = new Date(/Time: (.*)$/m.exec(block)![1]!).getTime();
    const peak = /#(\d+) attempted at (.*)$/m.exec(block);
    const ours = statisticsSlogLines({
      ...{ vendor: 'ansyslmd', at },
      ...{ lastRequests: times.slice(0, 10), peakRequests: times.slice(10) },
      ...(peak && {
        peakConnections: { count: Number(peak[1]), at: new Date(peak[2]!).getTime() },
      }),
    });
    vi.unstubAllEnvs();
    expect(times.length).toBeGreaterThan(10);
    expect(ours).toEqual(real);
  },
);
