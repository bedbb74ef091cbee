import { resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { optionsRules } from '../domain/options/in-force.ts';
import type { OptionsFile, Rule } from '../domain/options/model.ts';
import { printable } from '../text/wording.ts';
import type { DaemonLog } from './daemon-log.ts';
import type { LogFile } from './log-file.ts';
import type { LogFiles } from './log-files.ts';
import type { LogTarget } from './log-place.ts';
import { makeNewLog, moveLog } from './new-log.ts';
import { ReportLog, reportLine } from './report-log.ts';
import type { Notice } from './server-config.ts';

const MEBIBYTE = 1024 * 1024;

export interface OptionFilesOptions {
  readonly vendor: string;
  /** What the daemon's lines go through; without DEBUGLOG, into the server's log. */
  readonly log: DaemonLog;
  readonly files: LogFiles;
  readonly clock: Clock;
  readonly notice: Notice;
  /** Where relative paths lead; '' is the folder of the process. */
  readonly folder: string;
  /** Throws KnownError for a path at which a file is that must not be written to. */
  readonly refuse: (path: string, what: string) => void;
}

type DebugRule = Extract<Rule, { keyword: 'DEBUGLOG' }>;
type ReportRule = Extract<Rule, { keyword: 'REPORTLOG' }>;

/**
 * The files that a vendor daemon's options name: a debug log of its own (DEBUGLOG) and its report log (REPORTLOG).
 * Of several lines of a keyword the last counts. Source: LAG, "DEBUGLOG", "REPORTLOG".
 */
export class OptionFiles {
  readonly #options: OptionFilesOptions;
  /** The lines in force, as text: a reread that changes nothing opens nothing. */
  #debugText = '';
  #debugRule: DebugRule | undefined;
  #reportRule: ReportRule | undefined;
  #reportText = '';
  #debugFile: LogFile | undefined;
  #reportFile: LogFile | undefined;
  #report: ReportLog | undefined;

  constructor(options: OptionFilesOptions) {
    this.#options = options;
  }

  /** Takes up what the options say, at the start and after a reread. A file that cannot be opened is told of. */
  follow(options: OptionsFile | undefined): void {
    const rules = optionsRules(options).map(({ rule }) => rule);
    this.#followDebug(rules.findLast((rule) => rule.keyword === 'DEBUGLOG'));
    this.#followReport(rules.findLast((rule) => rule.keyword === 'REPORTLOG'));
  }

  #followDebug(rule: DebugRule | undefined): void {
    const text = JSON.stringify(rule ?? '');
    if (text === this.#debugText) return;
    this.#debugText = text;
    this.#debugRule = rule;
    const { log, files } = this.#options;
    const before = this.#debugFile;
    this.#debugFile =
      rule === undefined
        ? undefined
        : this.#open(debugTarget({ ...rule, path: this.#at(rule.path) }, log));
    log.writeTo(this.#debugFile);
    if (before !== undefined) void files.release(before);
  }

  #followReport(rule: ReportRule | undefined): void {
    const text = JSON.stringify(rule ?? '');
    if (text === this.#reportText) return;
    this.#reportText = text;
    this.#reportRule = rule;
    const before = this.#reportFile;
    this.#report?.closing();
    this.#reportFile =
      rule === undefined
        ? undefined
        : this.#open(this.#reportTarget({ ...rule, path: this.#at(rule.path) }));
    if (before !== undefined) void this.#options.files.release(before);
    this.#beginReport();
  }

  #beginReport(): void {
    const { vendor, clock } = this.#options;
    const file = this.#reportFile;
    const hideUser = this.#reportRule?.hideUser ?? false;
    this.#report = file && new ReportLog({ vendor, file, clock, hideUser });
  }

  /**
   * The debug log goes on in a new file, until the options say otherwise (lmswitch); its AUTO_ROLLOVER if `rollover`.
   * @throws KnownError FILE_UNREADABLE, USAGE: it goes on where it was
   */
  switchDebug(newPath: string, rollover: boolean): void {
    const { log, files, notice, vendor } = this.#options;
    const { rolloverMegabytes } = (rollover ? this.#debugRule : undefined) ?? {};
    const size = rolloverMegabytes === undefined ? {} : { rolloverMegabytes };
    const path = this.#newLog(newPath);
    const file = files.open(debugTarget({ path, append: true, ...size }, log));
    const before = this.#debugFile;
    log.line(`fauxlm: the debug log goes on in ${printable(path)}`);
    this.#debugFile = file;
    log.writeTo(file);
    log.line(`fauxlm: the debug log begins; before this it was in ${shownFile(before)}`);
    if (before !== undefined) void files.release(before);
    notice('debug log switched', { vendor, path }, 'info');
  }

  /** The same of the report log (lmswitchr). @throws KnownError */
  switchReport(newPath: string): void {
    const { files, notice, vendor } = this.#options;
    const { before, report } = this.#reporting();
    const path = this.#newLog(newPath);
    const file = files.open(this.#reportTarget({ path, append: true }));
    report.closing();
    this.#reportFile = file;
    this.#beginReport();
    void files.release(before);
    notice('report log switched', { vendor, path }, 'info');
  }

  /** What the report log holds goes to a new file, and it begins anew (lmnewlog). @throws KnownError */
  async moveReport(newPath: string): Promise<void> {
    const path = this.#at(newPath);
    const { notice, vendor, clock } = this.#options;
    await this.#reporting().before.flushed();
    const { before } = this.#reporting();
    const lastLine = reportLine(vendor, clock.now(), { kind: 'reportClosed' });
    moveLog(before.path!, path, lastLine);
    before.reopen();
    this.#beginReport();
    notice('report log moved', { vendor, path }, 'info');
  }

  #newLog(path: string): string {
    const full = this.#at(path);
    makeNewLog(full);
    return full;
  }

  #at(path: string): string {
    return resolve(this.#options.folder, path);
  }

  #reporting(): { readonly before: LogFile; readonly report: ReportLog } {
    const before = this.#reportFile;
    const report = this.#report;
    if (before !== undefined && report !== undefined) return { before, report };
    const text = `${this.#options.vendor}: expected a report log that is in force (REPORTLOG), got none`;
    throw new KnownError('ADMIN_REFUSED', text);
  }

  #reportTarget({ path, append }: Pick<ReportRule, 'path' | 'append'>): LogTarget {
    const { vendor, clock } = this.#options;
    const lossLine = (lines: number): string =>
      reportLine(vendor, clock.now(), { kind: 'reportLinesLost', lines });
    return { path, append, what: 'report log', lossLine };
  }

  #open(target: LogTarget): LogFile | undefined {
    const { files, log, notice, vendor, refuse } = this.#options;
    try {
      refuse(target.path ?? '', `a ${target.what}`);
      return files.open(target);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.line(`fauxlm: ${message}`);
      notice(`${target.what} of the options file cannot be opened`, { vendor, error });
      return undefined;
    }
  }

  event(event: LedgerEvent): void {
    this.#report?.event(event);
  }

  reset(): void {
    this.#report?.reset();
  }

  /** Writes out and closes what the options had it open; a daemon that is killed has no last word. */
  async close({ killed = false } = {}): Promise<void> {
    if (!killed) this.#report?.closing();
    this.#report = undefined;
    const open = [this.#debugFile, this.#reportFile];
    this.#debugFile = undefined;
    this.#reportFile = undefined;
    this.#options.log.writeTo(undefined);
    for (const file of open) if (file !== undefined) await this.#options.files.release(file);
  }
}

function shownFile(file: LogFile | undefined): string {
  return file === undefined ? 'the log of the server' : printable(file.path ?? '');
}

function debugTarget(rule: Omit<DebugRule, 'keyword'>, log: DaemonLog): LogTarget {
  const { path, append, rolloverMegabytes } = rule;
  return {
    path,
    append,
    what: 'debug log',
    lossLine: log.lossLine,
    ...(rolloverMegabytes === undefined ? {} : { rolloverBytes: rolloverMegabytes * MEBIBYTE }),
  };
}
