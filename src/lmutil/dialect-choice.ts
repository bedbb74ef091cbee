import { KnownError } from '../base/errors.ts';
import { DIALECT_NAMES, type Dialect, dialectOf } from '../text/lmstat-dialect.ts';

/** Our own flags, which may come before the tool's name, too; how many arguments each is. */
const ownFlags: Readonly<Record<string, number>> = { dialect: 2, 'exit-status': 1 };

/** Takes our own flags from the front: `--dialect 9.2 lmstat -a` is `lmstat --dialect 9.2 -a`. */
export function leadingFlags(args: readonly string[]): {
  readonly own: readonly string[];
  readonly rest: readonly string[];
} {
  let at = 0;
  for (;;) {
    const word = /^--?(.+)$/.exec(args[at] ?? '')?.[1] ?? '';
    if (!Object.hasOwn(ownFlags, word)) break;
    at += ownFlags[word]!;
  }
  return { own: args.slice(0, at), rest: args.slice(at) };
}

/** The dialect the user asks for, by flag or else by FAUXLM_DIALECT; undefined when by neither. */
export function dialectChosen(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Dialect | undefined {
  const name = flag ?? (env['FAUXLM_DIALECT'] || undefined);
  if (name === undefined) return undefined;
  const dialect = dialectOf(name);
  if (dialect) return dialect;
  const where = flag === undefined ? 'FAUXLM_DIALECT' : '--dialect';
  throw new KnownError('USAGE', `${where}: expected ${DIALECT_NAMES}, got ${name}`);
}
