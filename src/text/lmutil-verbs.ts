import type { Refusal } from '../base/refusal.ts';
import { type Release, releaseText, renderBanner } from './banner.ts';
import { type LongError, renderLongError, renderShortError } from './error-message.ts';
import { type Dialect, defaultDialect } from './lmstat-dialect.ts';
import type { PoolLock } from './lmstat-report.ts';
import { lockText } from './lock-text.ts';
import { printable } from './wording.ts';

/**
 * lmhostid: the ids of this machine, with the banner; `bare` (-n) prints the value alone. Several
 * ids stand in quotes of their own, since a license names one of them. Source: public transcripts.
 */
export function renderHostids(
  program: string,
  hostids: readonly string[],
  options: { readonly bare?: boolean; readonly dialect?: Dialect } = {},
): string {
  const several = hostids.length > 1;
  const value = several ? `"${hostids.join(' ')}"` : hostids.join('');
  if (options.bare) return `${printable(value)}\n`;
  const advice = several ? 'Only use ONE from the list of hostids.\n' : '';
  const { productName } = options.dialect ?? defaultDialect;
  const line = `The ${productName} host ID of this machine is "${printable(value)}"\n`;
  return `${renderBanner(program)}${line}${advice}`;
}

/** lmver: which release a program file is of; undefined when it names none. The wording is ours. */
export function renderFileVersion(
  program: string,
  file: string,
  release: Release | undefined,
): string {
  const found = release ? `FlexNet Licensing ${releaseText(release)}` : 'no FlexNet version found';
  return `${renderBanner(program)}${printable(file)}: ${found}\n`;
}

/** lmver of a file that cannot be read. The wording is ours: the error list speaks of license files only. */
export function renderUnreadableFile(
  program: string,
  file: string,
  { major, minor, sys, sysText = 'cannot be read' }: Refusal,
): string {
  const codes = sys === undefined ? `${major},${minor}` : `${major},${minor}:${sys}`;
  return `${renderBanner(program)}${printable(file)}: ${printable(sysText)} (${codes})\n`;
}

/** A license server that lmdown may stop. */
export interface StoppableServer {
  /** `27000@alpha` */
  readonly spec: string;
  readonly vendors: readonly string[];
}

/** The column, from 0, where lmdown lists vendors. */
const VENDORS_COLUMN = 24;

/** lmdown's list of what it found, numbered from 1, banner included. Source: public transcripts. */
export function renderStoppableServers(
  program: string,
  servers: readonly StoppableServer[],
): string {
  const rows = servers.map(({ spec, vendors }, index) => {
    const start = `${`${index + 1})`.padEnd(2)} ${spec}`.padEnd(VENDORS_COLUMN - 1);
    return `${printable(`${start} ${vendors.join(' ')}`)}\n`;
  });
  const heading = `${'   Port@Host'.padEnd(VENDORS_COLUMN)}Vendors\n`;
  return `${renderBanner(program)}\n${heading}${rows.join('')}\n`;
}

/** What lmdown says and asks; the answer follows a question on its line. */
export const lmdownTexts = {
  /** Asked first when there are several servers. Our wording. */
  which: 'Which server, by its number (a for all)?  ',
  confirm: 'Are you sure (y/n)?  ',
  nothing: 'No server selected, exiting\n',
} as const;

/** lmdown's last line: `    1 FlexNet License Server shut down`. */
export function renderServersStopped(count: number): string {
  return `    ${count} FlexNet License Server${count === 1 ? '' : 's'} shut down\n`;
}

export function renderShutdownFailed(refusal: Refusal): string {
  return `Shutdown failed: ${renderShortError(refusal)}\n`;
}

/** lmreread's answer; `refusal` when it was not allowed or failed, and what the server says of that, a line each. */
export function renderRereadResult(
  program: string,
  refusal?: Refusal,
  explanation: readonly string[] = [],
): string {
  return renderToolResult(program, 'lmreread', refusal, explanation);
}

/** The same of another tool: what lmswitch, lmswitchr and lmnewlog say is not public. */
export function renderToolResult(
  program: string,
  tool: string,
  refusal?: Refusal,
  explanation: readonly string[] = [],
): string {
  const result = refusal ? `failed: ${renderShortError(refusal)}` : 'successful';
  const lines = explanation
    .flatMap((text) => text.split('\n'))
    .map((line) => `  ${printable(line)}\n`);
  return `${renderBanner(program)}${tool} ${result}\n${lines.join('')}`;
}

/** lmremove says nothing but the banner when it worked. Source: the texts are inferred. */
export function renderRemoveResult(program: string, refusal?: Refusal): string {
  const result = refusal ? `lmremove failed: ${renderShortError(refusal)}\n` : '';
  return `${renderBanner(program)}${result}`;
}

/** One license line that lmdiag tried. */
export interface Diagnosis {
  readonly name: string;
  readonly version: string;
  readonly vendor: string;
  /** Absent for an uncounted license. */
  readonly server?: string;
  readonly lock: PoolLock;
  /** d-mmm-yyyy; absent when the line has no START. */
  readonly starts?: string;
  /** d-mmm-yyyy, or `permanent`. */
  readonly expires: string;
  /** Why it can't be checked out. */
  readonly failure?: LongError;
}

/**
 * lmdiag: for each license line whether it could be checked out. Source: public scripts, which look
 * for `This license can be checked out` and `expires:`; the form of a failure is inferred.
 */
export function renderDiagnoses(
  program: string,
  diagnoses: readonly Diagnosis[],
  dialect: Dialect = defaultDialect,
): string {
  return renderBanner(program) + diagnoses.map((each) => diagnosisText(each, dialect)).join('');
}

function diagnosisText(diagnosis: Diagnosis, dialect: Dialect): string {
  const { name, version, vendor, server, starts, failure } = diagnosis;
  const expires = diagnosis.expires === 'permanent' ? dialect.permanentText : diagnosis.expires;
  const dates = `${starts === undefined ? '' : `starts: ${starts},   `}expires: ${expires}`;
  const lines = [
    `"${name}" v${version}, vendor: ${vendor}`,
    ...(server === undefined ? [] : [`  License server: ${server}`]),
    `  ${lockText(diagnosis.lock)}  ${dates}`,
  ];
  const verdict = failure
    ? `This license cannot be checked out because:\n${renderLongError({ ...failure, product: dialect.productName })}`
    : 'This license can be checked out\n';
  return `${lines.map(printable).join('\n')}\n\n${verdict}\n`;
}
