import { KnownError } from '../base/errors.ts';
import { monthNames } from '../base/local-time.ts';
import type { Refusal } from '../base/refusal.ts';
import { requestCheckout } from '../client/checkout.ts';
import { clientContext } from '../client/context.ts';
import type { PathElement } from '../client/license-path.ts';
import { lockOf } from '../client/status-public.ts';
import { isRefusal } from '../client/status-source.ts';
import { endOfDay, startOfDay } from '../domain/license/days.ts';
import type { CalendarDate, FeatureLine } from '../domain/license/model.ts';
import { renderBanner } from '../text/banner.ts';
import { type LongError, renderLongError } from '../text/error-message.ts';
import { type Diagnosis, renderDiagnoses } from '../text/lmutil-verbs.ts';
import type { FlagTable } from './flags.ts';
import type { LmutilIo } from './io.ts';
import { type LicenseText, licenseTexts } from './license-lines.ts';
import { askOptions, licensePath } from './sources.ts';
import { type Call, subcommand } from './subcommand.ts';

/** Source: LAG, "lmdiag". */
const flags = {
  n: { takes: 'nothing', summary: 'ask nothing (this lmdiag never does)' },
} as const satisfies FlagTable;

export const lmdiag = subcommand({
  name: 'lmdiag',
  operands: ['[feature[:keyword=value]]'],
  flags,
  async run(given, operands, call) {
    if (operands.length > 1) {
      throw new KnownError('USAGE', `expected at most one feature, got ${operands.length}`);
    }
    const wanted = operands[0] === undefined ? undefined : selectionOf(operands[0]);
    const path = licensePath(call.io, given.c);
    const { diagnoses, refusal } = await diagnosePath(path, wanted, call.io);
    if (diagnoses.length > 0) {
      await call.io.print(renderDiagnoses(call.program, diagnoses, call.dialect));
      return refusal;
    }
    return printNothingFound(refusal, wanted, path, call);
  },
});

async function printNothingFound(
  refusal: Refusal | undefined,
  wanted: Selection | undefined,
  path: readonly PathElement[],
  { io, program }: Call,
): Promise<Refusal> {
  const reason = refusal ?? { major: -5, minor: 357 };
  const error = longError(reason, wanted?.feature, path, io);
  await io.print(`${renderBanner(program)}${renderLongError(error)}`);
  return reason;
}

/** `feature` or `feature:keyword=value`. */
interface Selection {
  readonly feature: string;
  readonly keyword?: string;
  readonly value?: string;
}

function selectionOf(operand: string): Selection {
  const colon = operand.indexOf(':');
  if (colon < 0) return { feature: operand };
  const feature = operand.slice(0, colon);
  const [, keyword, value] = /^([^=]+)=(.*)$/.exec(operand.slice(colon + 1)) ?? [];
  if (keyword === undefined || value === undefined) {
    throw new KnownError('USAGE', `${operand}: expected feature:keyword=value`);
  }
  return { feature, keyword: keyword.toUpperCase(), value };
}

/** What a selection may name of a line. Source: LAG, "Specifying Features". */
const selectors: Readonly<Record<string, (line: FeatureLine) => string | undefined>> = {
  VERSION: ({ version }) => version,
  VENDOR: ({ vendor }) => vendor,
  EXPDATE: ({ expiry }) => expiry.text,
  KEY: ({ key }) => key,
  SIGN: ({ attributes }) => attributes.sign,
  HOSTID: ({ attributes }) => attributes.hostids?.join(' '),
  ISSUER: ({ attributes }) => attributes.issuer,
  NOTICE: ({ attributes }) => attributes.notice,
  SN: ({ attributes }) => attributes.serialNumber,
  VENDOR_STRING: ({ attributes }) => attributes.vendorString,
  VENDOR_INFO: ({ attributes }) => attributes.vendorInfo,
  USER_INFO: ({ attributes }) => attributes.userInfo,
  DIST_INFO: ({ attributes }) => attributes.distInfo,
  ASSET_INFO: ({ attributes }) => attributes.assetInfo,
};

function isSelected(line: FeatureLine, wanted: Selection | undefined): boolean {
  if (!wanted) return true;
  if (line.name.toLowerCase() !== wanted.feature.toLowerCase()) return false;
  if (wanted.keyword === undefined) return true;
  return selectors[wanted.keyword]?.(line)?.toLowerCase() === wanted.value?.toLowerCase();
}

interface DiagnosedPath {
  readonly diagnoses: readonly Diagnosis[];
  /** The first line that cannot be checked out, or the first element that cannot be read. */
  readonly refusal?: Refusal;
}

async function diagnosePath(
  path: readonly PathElement[],
  wanted: Selection | undefined,
  io: LmutilIo,
): Promise<DiagnosedPath> {
  const options = askOptions(io);
  const diagnoses: Diagnosis[] = [];
  let refusal: Refusal | undefined;
  for (const element of path) {
    for (const text of await licenseTexts(element, options)) {
      if (isRefusal(text)) {
        refusal ??= text;
        continue;
      }
      for (const line of text.lines) {
        if (line.kind !== 'feature' || !line.usable || !isSelected(line, wanted)) continue;
        const reason = await tryLine(line, text, element, io);
        if (reason) refusal ??= reason;
        diagnoses.push(diagnosisOf(line, text, reason && longError(reason, line.name, path, io)));
      }
    }
  }
  return { diagnoses, ...(refusal ? { refusal } : {}) };
}

/** Checks the line out and back in; the reason if that fails. */
async function tryLine(
  line: FeatureLine,
  { hosts }: LicenseText,
  element: PathElement,
  io: LmutilIo,
): Promise<Refusal | undefined> {
  const { name, version, vendor } = line;
  const identity = io.identity();
  const request = { feature: name, version, vendor, count: 1, data: '' };
  // A file without SERVER lines grants by itself; what came from a server is tried there.
  const asked: PathElement =
    hosts.length === 0 ? element : { ...element, kind: 'servers', addresses: hosts };
  const result = await requestCheckout(request, [asked], clientContext({ identity }));
  if (!result.ok) {
    const { refusal } = result.reported;
    return refusal.major === NOT_OURS && hosts.length > 0 ? judge(line, io.now()) : refusal;
  }
  if (result.held) {
    await result.held.session.checkin(result.held.handle);
    result.held.session.close();
  }
  return undefined;
}

/** Another maker's server: its handshake is not ours to do. */
const NOT_OURS = -33;

/** All that the license text tells without asking. Source: License Administration Guide, error codes. */
function judge({ attributes: { start }, expiry }: FeatureLine, now: number): Refusal | undefined {
  if (start && now < startOfDay(start)) return { major: -31, minor: 1 };
  if (expiry.kind === 'date' && now >= endOfDay(expiry.date)) return { major: -10, minor: 32 };
  return undefined;
}

function diagnosisOf(
  line: FeatureLine,
  { hosts }: LicenseText,
  failure: LongError | undefined,
): Diagnosis {
  const { name, version, vendor, count, expiry, attributes } = line;
  const [server] = hosts;
  return {
    name,
    version,
    vendor,
    ...(server && count > 0 ? { server: server.host } : {}),
    lock: lockOf(count, attributes.hostids ?? []),
    ...(attributes.start ? { starts: dateText(attributes.start) } : {}),
    expires: expiry.kind === 'date' ? expiry.text : 'permanent',
    ...(failure ? { failure } : {}),
  };
}

/** `9-mar-2026` */
function dateText({ day, month, year }: CalendarDate): string {
  return `${day}-${monthNames[month - 1]?.toLowerCase()}-${year}`;
}

function longError(
  refusal: Refusal,
  feature: string | undefined,
  path: readonly PathElement[],
  io: LmutilIo,
): LongError {
  return {
    refusal,
    ...(feature === undefined ? {} : { feature }),
    licensePath: path.map(({ text }) => text),
    separator: io.platform === 'win32' ? ';' : ':',
  };
}
