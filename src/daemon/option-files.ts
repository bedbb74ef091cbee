import type { Clock } from '../base/clock.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { optionsRules } from '../domain/options/in-force.ts';
import type { OptionsFile, Rule } from '../domain/options/model.ts';
import type { DaemonLog } from './daemon-log.ts';
import type { LogFile } from './log-file.ts';
import type { LogFiles } from './log-files.ts';
import type { LogTarget } from './log-place.ts';
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
    const { log, files } = this.#options;
    const before = this.#debugFile;
    this.#debugFile = rule === undefined ? undefined : this.#open(debugTarget(rule, log));
    log.writeTo(this.#debugFile);
    if (before !== undefined) void files.release(before);
  }

  #followReport(rule: ReportRule | undefined): void {
    const text = JSON.stringify(rule ?? '');
    if (text === this.#reportText) return;
    this.#reportText = text;
    const before = this.#reportFile;
    this.#report?.closing();
    this.#reportFile = rule === undefined ? undefined : this.#open(this.#reportTarget(rule));
    if (before !== undefined) void this.#options.files.release(before);
    const { vendor, clock } = this.#options;
    const file = this.#reportFile;
    this.#report =
      rule === undefined || file === undefined
        ? undefined
        : new ReportLog({ vendor, file, clock, hideUser: rule.hideUser });
  }

  #reportTarget({ path, append }: ReportRule): LogTarget {
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

function debugTarget(rule: DebugRule, log: DaemonLog): LogTarget {
  const { path, append, rolloverMegabytes } = rule;
  return {
    path,
    append,
    what: 'debug log',
    lossLine: log.lossLine,
    ...(rolloverMegabytes === undefined ? {} : { rolloverBytes: rolloverMegabytes * MEBIBYTE }),
  };
}
