import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import type { PathElement } from '../client/license-path.ts';
import { readStatus } from '../client/status.ts';
import type { StatusOptions } from '../client/status-source.ts';
import { type LmstatOptions, renderLmstat } from '../text/lmstat.ts';
import type { LmstatReport } from '../text/lmstat-report.ts';
import type { FlagTable, FlagValues } from './flags.ts';
import { askOptions, licensePath, statusSources } from './sources.ts';
import { type Call, subcommand } from './subcommand.ts';

/** Source: LAG, "lmstat"; `lmstat -help` in public posts. */
const flags = {
  a: { takes: 'nothing', summary: 'everything: servers, daemons, features and users' },
  A: { takes: 'nothing', summary: 'as -a, but only features in use' },
  asec: { takes: 'nothing', summary: 'as -a, with times to the second' },
  f: { takes: 'perhaps', value: 'feature', summary: 'one feature and its users, or all' },
  i: { takes: 'perhaps', value: 'feature', summary: 'what the license lines say' },
  s: { takes: 'perhaps', value: 'server', summary: 'the status of one server host, or all' },
  S: { takes: 'perhaps', value: 'vendor', summary: "one daemon's features and users, or all" },
  lm: { takes: 'nothing', summary: 'license managers only' },
  vd: { takes: 'nothing', summary: 'vendor daemons only' },
  t: { takes: 'value', value: 'seconds', summary: 'longest wait for a connection or an answer' },
  'no-user-info': { takes: 'nothing', summary: 'leave users out of -a and -f' },
  proj: { takes: 'nothing', summary: "add each user's project" },
  old: { takes: 'nothing', summary: 'accepted, and without effect' },
} as const satisfies FlagTable;

type Flags = FlagValues<typeof flags> & { readonly c?: string };

export const lmstat = subcommand({
  name: 'lmstat',
  operands: [],
  flags,
  async run(given, _operands, call) {
    const path = licensePath(call.io, given.c);
    const at = call.io.now();
    if (!given.i) return printReport(given, path, at, call);
    if (!wantsReport(given)) return printTable(given, path, { at, call, head: true });
    const refusal = await printReport(given, path, at, call);
    await call.io.print('\n');
    const unread = await printTable(given, path, { at, call, head: false });
    return refusal ?? unread;
  },
});

/** -i beside a flag that asks the server: some programs give both and look for either. */
function wantsReport({ a, A, asec, f, s, S, lm, vd }: Flags): boolean {
  return [a, A, asec, f, s, S, lm, vd].some((flag) => flag !== undefined);
}

async function printReport(
  given: Flags,
  path: readonly PathElement[],
  at: number,
  call: Call,
): Promise<Refusal | undefined> {
  const sources = await statusSources(path);
  const report = await readStatus(sources, statusOptions(given, at, call));
  for (const piece of renderLmstat(report, renderOptions(given, call))) {
    if (call.io.deserted) break;
    await call.io.print(piece);
  }
  return report.refusal;
}

function usageOf({ a, A, asec, f, S, lm, vd }: Flags): NonNullable<LmstatOptions['usage']> {
  if (lm || vd) return 'none';
  if (A) return 'active';
  return a || asec || f !== undefined || S !== undefined ? 'all' : 'none';
}

function statusOptions(given: Flags, at: number, call: Call): StatusOptions {
  const { f, s, S } = given;
  const usage = usageOf(given);
  return {
    ...askOptions(call.io, timeoutMs(given.t)),
    at,
    program: programOf(call),
    usage: usage === 'none' ? 'none' : given['no-user-info'] ? 'totals' : 'users',
    ...(typeof f === 'string' ? { feature: f } : {}),
    ...(typeof S === 'string' ? { vendor: S } : {}),
    // Some give the whole of port@host.
    ...(typeof s === 'string' ? { server: s.slice(s.lastIndexOf('@') + 1) } : {}),
  };
}

function programOf({ program }: Call): LmstatReport['program'] {
  return program === 'lmstat' ? 'lmstat' : 'lmutil';
}

/** Longest -t: a day. */
const TIMEOUT_SECONDS_MAX = 86_400;

function timeoutMs(seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  const value = /^\d{1,9}$/.test(seconds) ? Number(seconds) : Number.NaN;
  if (Number.isNaN(value)) {
    throw new KnownError('USAGE', `-t: expected a number of seconds, got ${seconds}`);
  }
  return Math.min(Math.max(value, 1), TIMEOUT_SECONDS_MAX) * 1000;
}

function renderOptions(given: Flags, { io, dialect, isDialectChosen }: Call): LmstatOptions {
  const { f, S, lm, vd, asec, proj } = given;
  return {
    usage: usageOf(given),
    ...(typeof f === 'string' ? { feature: f } : {}),
    ...(typeof S === 'string' ? { vendor: S } : {}),
    seconds: asec ?? false,
    hideUsers: given['no-user-info'] ?? false,
    showProject: proj ?? false,
    ...(lm === vd ? {} : { part: lm ? 'managers' : 'vendors' }),
    ...(isDialectChosen ? { dialect } : {}),
    windows: io.platform === 'win32',
  };
}

async function printTable(
  { i, f }: Flags,
  path: readonly PathElement[],
  { at, call, head }: { readonly at: number; readonly call: Call; readonly head: boolean },
): Promise<Refusal | undefined> {
  const { printLicenseTable } = await import('./license-table.ts');
  const feature = typeof i === 'string' ? i : typeof f === 'string' ? f : undefined;
  return printLicenseTable(path, feature, { at, call, head, program: programOf(call) });
}
