import { statSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { parseLicensePath, pathSeparator } from '../client/license-path.ts';
import { persistedPaths, persistPath } from '../client/persisted-paths.ts';
import { GENERAL_VARIABLE, searchPath, vendorVariables } from '../client/search-path.ts';
import { vendorPolicies, vendorPolicy } from '../domain/vendors/index.ts';
import { licenseFilesOf } from '../files/license-sources.ts';
import { renderPaths, type ShownPath } from '../text/lmutil-files.ts';
import type { FlagTable } from './flags.ts';
import type { LmutilIo } from './io.ts';
import { subcommand } from './subcommand.ts';

/** Source: LAG, "lmpath". The operand behind -add and -override is the path. */
const flags = {
  status: { takes: 'nothing', summary: 'show the license paths in force' },
  add: { takes: 'value', value: 'vendor|all', summary: 'put a path before the one that is kept' },
  override: {
    takes: 'value',
    value: 'vendor|all',
    summary: 'replace the kept path; "" removes it',
  },
} as const satisfies FlagTable;

/**
 * The kept paths are the rows of `$HOME/.flexlmrc`, which clients read behind the variables of the
 * same names. Source: License file reference, "Order of Searching".
 */
export const lmpath = subcommand({
  name: 'lmpath',
  operands: ['-status', '-add vendor|all path', '-override vendor|all path'],
  flags,
  async run({ status, add, override }, operands, { io, program }) {
    const whose = add ?? override;
    const asked = [status, add, override].filter((flag) => flag !== undefined).length;
    if (asked !== 1) {
      throw new KnownError('USAGE', 'expected one of -status, -add and -override');
    }
    if (whose !== undefined) keep(io, whose, operands, add !== undefined);
    else if (operands.length > 0) {
      throw new KnownError('USAGE', `${operands[0]}: expected no operand behind -status`);
    }
    await io.print(statusText(io, program));
    return undefined;
  },
});

function keep(io: LmutilIo, whose: string, operands: readonly string[], before: boolean): void {
  const [path, ...rest] = operands;
  if (path === undefined || rest.length > 0) {
    throw new KnownError('USAGE', `expected one license path, got ${operands.length}`);
  }
  if (io.home === undefined) {
    throw new KnownError('USAGE', 'expected HOME to name a directory for .flexlmrc, got nothing');
  }
  parseLicensePath(path, { origin: before ? '-add' : '-override', platform: io.platform });
  const variable = variableOf(whose);
  const kept = before ? (persistedPaths(io.home).get(variable) ?? '') : '';
  const all = [path, kept].filter((part) => part !== '').join(pathSeparator(io.platform));
  persistPath(io.home, variable, all);
}

function variableOf(whose: string): string {
  if (whose.toLowerCase() === 'all') return GENERAL_VARIABLE;
  if (!/^[A-Za-z_][\w-]*$/.test(whose)) {
    throw new KnownError('USAGE', `${whose}: expected the name of a vendor daemon, or all`);
  }
  const [first] = vendorPolicy(whose).environmentVariables;
  return first ?? `${whose.toUpperCase()}_LICENSE_FILE`;
}

function statusText(io: LmutilIo, program: string): string {
  const { env, home, platform } = io;
  const names = [...Object.keys(env), ...persistedPaths(home).keys()];
  const variables = vendorVariables(
    names,
    '_LICENSE_FILE',
    (policy) => policy.environmentVariables,
  );
  const vendors = variables.map((variable) => {
    // Only this variable: the general one has a list of its own.
    const text = [env[variable], persistedPaths(home).get(variable)];
    const path = text.flatMap((each) =>
      parseLicensePath(each ?? '', { origin: variable, platform }),
    );
    return { vendor: vendorOf(variable), elements: path.flatMap(shownElements) };
  });
  const others = searchPath({
    env: { [GENERAL_VARIABLE]: env[GENERAL_VARIABLE] },
    platform,
    // No vendor has this name: the variable for all and the default file are left.
    vendor: '',
    ...(home === undefined ? {} : { home }),
  });
  const shown: ShownPath = { elements: others.flatMap(shownElements) };
  return renderPaths(program, vendors, shown, pathSeparator(platform));
}

/** Whose a variable is: a vendor we know by it, else what stands before `_LICENSE_FILE`. */
function vendorOf(variable: string): string {
  const known = vendorPolicies.find(({ environmentVariables }) =>
    environmentVariables.includes(variable),
  );
  return known?.name ?? variable.replace(/_LICENSE_FILE$/, '').toLowerCase();
}

function shownElements({ text }: { readonly text: string }): readonly string[] {
  if (text.includes('@')) return [text];
  try {
    return statSync(text).isDirectory() ? licenseFilesOf([text]) : [text];
  } catch {
    return [text];
  }
}
