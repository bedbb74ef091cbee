import { basename, dirname, join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { type EpochMs, systemClock } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import type { LicenseFile, VendorLine } from '../../domain/license/model.ts';
import { parseLicenseFile } from '../../domain/license/parse.ts';
import { fileKind } from '../../domain/lint/file-kind.ts';
import { type LintedOptions, lint, lintLicensePath } from '../../domain/lint/lint.ts';
import { renderGithub } from '../../domain/lint/render-github.ts';
import { renderJson } from '../../domain/lint/render-json.ts';
import { renderSarif } from '../../domain/lint/render-sarif.ts';
import { renderText } from '../../domain/lint/render-text.ts';
import type { LintReport } from '../../domain/lint/report.ts';
import { parseOptionsFile } from '../../domain/options/parse.ts';
import type { Finding, Severity, SourceText } from '../../domain/source.ts';
import { decodeText } from '../../domain/text-encoding.ts';
import { licenseFilesOf, readFileBytes } from '../../files/license-sources.ts';
import { readStandardInput } from '../../files/standard-input.ts';
import { standardInput } from '../dashes.ts';
import { withExamples } from '../examples.ts';

const formats = {
  text: renderText,
  json: renderJson,
  sarif: (report: LintReport) => renderSarif(report),
  github: renderGithub,
} as const;

export type LintFormat = keyof typeof formats;

/** Worst first. */
const severities: readonly Severity[] = ['error', 'warning', 'info'];

export interface LintArguments {
  /** License and options files, directories, `<stdin>`; license paths such as `27000@host`. */
  readonly files: readonly string[];
  readonly format: LintFormat;
  readonly json?: boolean | undefined;
  /** `VENDOR=FILE` each. */
  readonly options?: readonly string[] | undefined;
  /** ISO date: what counts as today. */
  readonly now?: string | undefined;
  /** Shows errors only. */
  readonly quiet?: boolean | undefined;
  /** The mildest severity that makes the exit status 1. */
  readonly failOn?: Severity | undefined;
}

/** What the command touches of the world, so that a test can stand in for it. */
export interface LintIo {
  print(text: string): void;
  /** @throws KnownError FILE_UNREADABLE when there is no such file. */
  readFile(path: string): Uint8Array;
  /** Standard input to its end. */
  readInput(): Uint8Array;
  /** The license files of a directory; any other path is itself. */
  filesOf(path: string): readonly string[];
  readonly now: EpochMs;
}

/**
 * Lints the files together and prints what was found; the exit status: 0, or 1 when something is as
 * bad as `failOn` says.
 * @throws KnownError FILE_UNREADABLE, FILE_TOO_LARGE, and USAGE for arguments that make no sense.
 */
export function runLint(args: LintArguments, io: LintIo): number {
  const { licenses, options, paths } = readInputs(args, io);
  const now = args.now === undefined ? io.now : parseNow(args.now);
  const all = [...lint({ licenses, options, now }), ...paths.flatMap(({ findings }) => findings)];
  const findings = args.quiet ? all.filter(({ severity }) => severity === 'error') : all;
  const sources = [
    ...licenses.map(({ source }) => source),
    ...options.map(({ file }) => file.source),
    ...paths.map(({ source }) => source),
  ];
  io.print(formats[args.json ? 'json' : args.format]({ findings, sources }));
  const failing = severities.slice(0, severities.indexOf(args.failOn ?? 'error') + 1);
  return all.some(({ severity }) => failing.includes(severity)) ? 1 : 0;
}

interface LintInputs {
  readonly licenses: readonly LicenseFile[];
  readonly options: readonly LintedOptions[];
  readonly paths: readonly { readonly source: SourceText; readonly findings: readonly Finding[] }[];
}

function readInputs(args: LintArguments, io: LintIo): LintInputs {
  const { format, now, failOn } = args;
  for (const [name, value] of Object.entries({ format, now, 'fail-on': failOn })) {
    // Given twice, an option is a list.
    if (!Array.isArray(value)) continue;
    throw new KnownError('USAGE', `--${name}: expected it once, got it ${value.length} times`);
  }
  const paths: LintInputs['paths'][number][] = [];
  const licenses: LicenseFile[] = [];
  const optionsSources: SourceText[] = [];
  const names = args.files.flatMap((name) =>
    name === standardInput || isLicensePath(name) ? [name] : io.filesOf(name),
  );
  if (names.length > limits.licenseFilesMax) {
    const text = `expected at most ${limits.licenseFilesMax} files, got ${names.length}`;
    throw new KnownError('USAGE', text);
  }
  for (const name of new Set(names)) {
    const source = isLicensePath(name) ? tryRead(name, io) : read(name, io);
    if (!source) paths.push(pathInput(name));
    else if (fileKind(name, source.text) === 'license') licenses.push(parseLicenseFile(source));
    else optionsSources.push(source);
  }
  const named = (args.options ?? []).map((word) => namedOptions(word, io));
  const given = optionsSources.map((source) => givenOptions(source, licenses));
  const told = [...named, ...given];
  return { licenses, options: [...told, ...foundOptions(licenses, told, io)], paths };
}

/**
 * A word that is no file but a license path: no file path of FlexNet may hold an `@` (LAG, "Determining the
 * Location of the License File"), and `host:27000` is how a server is often mistyped.
 */
function isLicensePath(word: string): boolean {
  return word.includes('@') || /^[\w-]{2,}(\.[\w-]+)*:\d{1,5}$/.test(word);
}

function pathInput(text: string): LintInputs['paths'][number] {
  const source: SourceText = { name: text, text, encoding: 'utf-8' };
  return { source, findings: lintLicensePath(text, text) };
}

/** `--options V=FILE`. */
function namedOptions(word: string, io: LintIo): LintedOptions {
  const [, vendor, path] = /^([^=]+)=(.+)$/.exec(word) ?? [];
  if (vendor === undefined || path === undefined) {
    throw new KnownError('USAGE', `--options: expected VENDOR=FILE, got "${word}"`);
  }
  return { vendor, file: parseOptionsFile(read(path, io)) };
}

/**
 * An options file among the files: its vendor is in its name, or on a VENDOR line, or the only one.
 */
function givenOptions(source: SourceText, licenses: readonly LicenseFile[]): LintedOptions {
  const file = parseOptionsFile(source);
  const name = basename(source.name);
  const stem = name.replace(/\.[^.]*$/, '').toLowerCase();
  const lines = licenses.flatMap(vendorLines);
  const vendors = new Set(lines.map(({ vendor }) => vendor));
  const line =
    lines.find(({ optionsPath }) => optionsPath !== undefined && fileName(optionsPath) === name) ??
    lines.find(({ vendor }) => vendor.toLowerCase() === stem);
  const vendor = line?.vendor ?? (vendors.size === 1 ? [...vendors][0] : undefined);
  return vendor === undefined ? { file } : { vendor, file };
}

/** The options files that the vendor daemons would find by themselves, where they are there. */
function foundOptions(
  licenses: readonly LicenseFile[],
  told: readonly LintedOptions[],
  io: LintIo,
): readonly LintedOptions[] {
  const done = new Set(told.map(({ vendor }) => vendor?.toLowerCase()));
  const found: LintedOptions[] = [];
  for (const license of licenses) {
    const folder = dirname(license.source.name);
    for (const { vendor, optionsPath } of vendorLines(license)) {
      if (done.has(vendor.toLowerCase())) continue;
      const places =
        optionsPath === undefined
          ? [join(folder, `${vendor}.opt`)]
          : [optionsPath, join(folder, fileName(optionsPath))];
      const source = places.map((path) => tryRead(path, io)).find((each) => each !== undefined);
      if (!source) continue;
      done.add(vendor.toLowerCase());
      found.push({ vendor, file: parseOptionsFile(source) });
    }
  }
  return found;
}

function vendorLines(license: LicenseFile): readonly VendorLine[] {
  return license.lines.filter((line): line is VendorLine => line.kind === 'vendor');
}

/** The last part of a path of either system: license files travel. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function read(path: string, io: LintIo): SourceText {
  if (path === standardInput) return decodeText(path, io.readInput());
  const bytes = io.readFile(path);
  if (bytes.byteLength > limits.fileBytesMax) {
    const text = `${path}: expected at most ${limits.fileBytesMax} bytes, got ${bytes.byteLength}`;
    throw new KnownError('FILE_TOO_LARGE', text, { path });
  }
  return decodeText(path, bytes);
}

function tryRead(path: string, io: LintIo): SourceText | undefined {
  try {
    return read(path, io);
  } catch (error) {
    if (error instanceof KnownError && error.code === 'FILE_UNREADABLE') return undefined;
    throw error;
  }
}

/** A day alone means its noon here: the same day in every calculation. */
function parseNow(text: string): EpochMs {
  const dayOnly = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(dayOnly ? `${text}T12:00` : text) : NaN;
  if (Number.isNaN(at)) {
    throw new KnownError('USAGE', `--now: expected a date such as 2030-01-07, got "${text}"`);
  }
  return at;
}

function build(yargs: Argv): Argv<LintArguments> {
  return withExamples(yargs, [
    ['lint license.dat', 'the options files that belong to it are read, too'],
    ['lint a.lic b.lic --options acmed=lab.opt', 'what one license manager would read'],
    ['lint - < license.dat', 'what comes on standard input'],
    ['lint --format github *.lic', 'annotations in GitHub Actions'],
  ])
    .positional('files', {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        'license and options files and directories of them, looked at together; - for standard input; ' +
        'license paths such as 27000@host',
    })
    .options({
      format: {
        choices: Object.keys(formats) as LintFormat[],
        default: 'text' as LintFormat,
        describe: 'for people, programs, code scanning or GitHub Actions',
      },
      json: { type: 'boolean', default: false, describe: 'the same as --format json' },
      options: {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'VENDOR=FILE: the options file of a vendor daemon',
      },
      now: { type: 'string', describe: 'the day that counts as today, such as 2030-01-07' },
      quiet: { type: 'boolean', default: false, describe: 'show errors only' },
      'fail-on': {
        choices: severities,
        default: 'error' as Severity,
        describe: 'the mildest severity that makes the exit status 1',
      },
    })
    .epilogue(
      'Exit status: 0 no errors, 1 errors (see --fail-on), 2 a file that cannot be read.',
    ) as unknown as Argv<LintArguments>;
}

/** `fauxlm lint`: finds what is wrong in license and options files, and says why and what to do. */
export const lintCommand: CommandModule<object, LintArguments> = {
  command: 'lint <files..>',
  describe: 'find mistakes in license and options files',
  builder: build as never,
  handler: (argv) => {
    process.exitCode = runLint(argv, {
      print: (text) => process.stdout.write(text),
      readFile: readFileBytes,
      readInput: readStandardInput,
      filesOf: (path) => licenseFilesOf([path]),
      now: systemClock.now(),
    });
  },
};
