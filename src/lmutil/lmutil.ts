import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { OWN_BUILD, type Release, renderBanner } from '../text/banner.ts';
import { type Dialect, defaultDialect } from '../text/lmstat-dialect.ts';
import { renderToolVersion } from '../text/lmstat-table.ts';
import { dialectChosen, leadingFlags } from './dialect-choice.ts';
import { parseArguments, renderFlags } from './flags.ts';
import { subcommands } from './index.ts';
import type { LmutilIo } from './io.ts';
import { commonFlags, type Subcommand } from './subcommand.ts';

/** Wrong usage is FlexNet's -42, a bad parameter; a tool that is not there yet is -1 as a process sees it. */
const USAGE_CODE = -42;
const NOT_YET_CODE = -1;

/**
 * lmutil as a function: `argv` as a process gets it (interpreter, program, arguments). Gives the exit status,
 * the low byte of the FlexNet code it came to. Called by a tool's own name it is that tool.
 */
export async function main(argv: readonly string[], io: LmutilIo): Promise<number> {
  const invoked = programName(argv[1] ?? '');
  const renamed = Object.hasOwn(subcommands, invoked);
  const { own, rest } = leadingFlags(argv.slice(2));
  const [tool, ...operands] = renamed ? [invoked, ...rest] : rest;
  const args = [...own, ...operands];
  try {
    const dialect = dialectChosen(parseArguments(own, commonFlags).flags.dialect, io.env);
    if (tool === undefined || /^--?help$/.test(tool)) {
      await io.print(renderUsage());
      return 0;
    }
    if (/^--?v(ersion)?$/.test(tool)) {
      const names = { program: 'lmutil', tool: 'lmutil' };
      await io.print(renderToolVersion(names, release(io, dialect), dialect));
      return 0;
    }
    return await runTool(tool, args, renamed ? tool : 'lmutil', io);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    io.complain(`${tool ?? 'lmutil'}: ${error.message}\n`);
    return exitStatus(USAGE_CODE);
  }
}

/** `/opt/bin/lmstat`, `lmstat.exe` and `lmstat.cjs` are all lmstat. */
function programName(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? '';
  return name.replace(/\.(exe|[cm]?js)$/i, '').toLowerCase();
}

async function runTool(
  name: string,
  args: readonly string[],
  program: string,
  io: LmutilIo,
): Promise<number> {
  const entry = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!entry) {
    throw new KnownError('USAGE', `expected a tool (see lmutil -help), got ${name}`);
  }
  if (!entry.load) {
    await io.print(`${renderBanner(program)}${name}: not in this version of fauxlm yet.\n`);
    return exitStatus(NOT_YET_CODE);
  }
  const tool = await entry.load();
  const { flags, operands } = parseArguments(args, { ...tool.flags, ...commonFlags });
  const chosen = dialectChosen(flags.dialect as string | undefined, io.env);
  const dialect = chosen ?? defaultDialect;
  if (flags.help) {
    await io.print(`${renderBanner(program)}${toolUsage(tool)}`);
    return 0;
  }
  if (flags.v) {
    await io.print(renderToolVersion({ program, tool: name }, release(io, dialect), dialect));
    return 0;
  }
  if (tool.operands.length === 0 && operands.length > 0) {
    throw new KnownError('USAGE', `${operands[0]}: expected a flag, got an operand`);
  }
  const refusal = await tool.run(flags as never, operands, {
    io,
    program,
    dialect,
    isDialectChosen: chosen !== undefined,
  });
  if (refusal && flags.verbose) await explain(refusal, dialect, io);
  const silent = dialect.exitZero && !flags['exit-status'];
  return refusal && !silent ? exitStatus(refusal.major) : 0;
}

/** The low byte of a FlexNet code: 241 for -15. */
function exitStatus(code: number): number {
  return code & 0xff;
}

/** -verbose: the long form of the error, behind what the tool has printed. */
async function explain(refusal: Refusal, dialect: Dialect, io: LmutilIo): Promise<void> {
  const { renderLongError } = await import('../text/error-message.ts');
  const separator = io.platform === 'win32' ? ';' : ':';
  await io.print(`\n${renderLongError({ refusal, separator, product: dialect.productName })}`);
}

/** Which release we say we are: the dialect's. The build number is ours and stands for none of FlexNet's. */
function release(io: LmutilIo, dialect: Dialect = defaultDialect): Release {
  return { version: dialect.release, build: OWN_BUILD, platform: io.identity().platform };
}

function renderUsage(): string {
  const rows = Object.entries(subcommands).map(([name, { summary, load }]) => {
    return `  ${name.padEnd(10)}  ${summary}${load ? '' : ' (not in this version yet)'}\n`;
  });
  return `${renderBanner('lmutil')}usage: lmutil tool [arguments]; lmutil tool -help tells more\n\n${rows.join('')}`;
}

function toolUsage({ name, operands, flags }: Subcommand): string {
  const forms = operands.length > 0 ? operands : [''];
  const lines = forms.map((form, index) => {
    const start = index === 0 ? 'usage: ' : '       ';
    return `${start}${`${name} [flags] ${form}`.trimEnd()}\n`;
  });
  return `${lines.join('')}\n${renderFlags({ ...flags, ...commonFlags })}`;
}
