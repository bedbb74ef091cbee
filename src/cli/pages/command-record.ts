import type { Argv, CommandModule, Options, PositionalOptions } from 'yargs';

/** A flag as a page shows it. */
export interface FlagRecord {
  /** With dashes: `-n, --count`. */
  readonly names: string;
  /** What stands behind it: `N`, `real|manual`; empty for one that takes nothing. */
  readonly value: string;
  /** The only values there are, if it is so. */
  readonly choices: readonly string[];
  readonly describe: string;
  readonly isRepeatable: boolean;
  /** Its default in words; empty when there is none. */
  readonly byDefault: string;
}

export interface PositionalRecord {
  readonly name: string;
  readonly describe: string;
  readonly choices: readonly string[];
}

export interface ExampleRecord {
  readonly command: string;
  /** What it is for. */
  readonly purpose: string;
}

/** A command as its own builder describes it to yargs. */
export interface CommandRecord {
  /** As it is called: `load merge`. */
  readonly name: string;
  /** Behind `fauxlm`: `load merge <bundles..>`. */
  readonly usage: string;
  readonly summary: string;
  readonly positionals: readonly PositionalRecord[];
  readonly flags: readonly FlagRecord[];
  readonly examples: readonly ExampleRecord[];
  readonly epilogue: string;
  readonly subcommands: readonly CommandRecord[];
}

/** What a builder said, in its order. */
interface Said {
  readonly options: Map<string, Options>;
  readonly positionals: Map<string, PositionalOptions>;
  /** As `withExamples` gives them: what for, then the command. */
  readonly examples: string[];
  readonly hidden: Set<string>;
  readonly modules: CommandModule[];
  epilogue: string;
}

/**
 * Has the builder of a command describe it to us in the place of yargs, so that man pages and the reference have
 * what `--help` has. Defaults that come from FAUXLM_ variables are those of this process: whoever writes pages
 * starts it without any.
 */
export function recordCommand(module: CommandModule, parents = ''): CommandRecord {
  const said: Said = {
    options: new Map(),
    positionals: new Map(),
    examples: [],
    hidden: new Set(),
    modules: [],
    epilogue: '',
  };
  const usage = `${parents}${String(module.command)}`;
  if (typeof module.builder === 'function') void module.builder(listener(said));
  const [name = ''] = String(module.command).split(' ');
  const called = `${parents}${name}`;
  return {
    name: called,
    usage,
    summary: String(module.describe ?? ''),
    positionals: [...said.positionals].map(([each, option]) => ({
      name: each,
      describe: option.describe ?? '',
      choices: (option.choices ?? []).map(String),
    })),
    flags: [...said.options]
      .filter(([each, option]) => !said.hidden.has(each) && option.hidden !== true)
      .map(([each, option]) => flagRecord(each, option)),
    examples: pairedExamples(said.examples),
    epilogue: said.epilogue,
    subcommands: said.modules.map((each) => recordCommand(each, `${called} `)),
  };
}

/** Stands in for yargs: keeps what pages show, and lets everything else pass. */
function listener(said: Said): Argv {
  const heard: Record<string, (...words: never[]) => void> = {
    option: (name: string, option: Options) => void said.options.set(name, option),
    options: (all: Readonly<Record<string, Options>>) => {
      for (const [name, option] of Object.entries(all)) said.options.set(name, option);
    },
    positional: (name: string, option: PositionalOptions) =>
      void said.positionals.set(name, option),
    example: (text: string) => void said.examples.push(text),
    epilogue: (text: string) => {
      said.epilogue = text;
    },
    hide: (name: string) => void said.hidden.add(name),
    command: (module: CommandModule) => void said.modules.push(module),
  };
  const self: Argv = new Proxy({} as Argv, {
    get:
      (_, word) =>
      (...words: never[]) => {
        heard[String(word)]?.(...words);
        return self;
      },
  });
  return self;
}

function flagRecord(name: string, option: Options): FlagRecord {
  const aliases = [option.alias ?? []].flat().map(String);
  const names = [name, ...aliases].toSorted((a, b) => a.length - b.length);
  const { choices, type, array = false } = option;
  const takesNothing = type === 'boolean' && choices === undefined;
  const value = choices === undefined ? (type === 'number' ? 'N' : 'VALUE') : choices.join('|');
  return {
    names: names.map((each) => (each.length === 1 ? `-${each}` : `--${each}`)).join(', '),
    value: takesNothing ? '' : value,
    choices: (choices ?? []).map(String),
    describe: option.describe ?? '',
    isRepeatable: array,
    byDefault: option.default === undefined || takesNothing ? '' : String(option.default),
  };
}

/** `# what for` stands above each command. */
function pairedExamples(examples: readonly string[]): ExampleRecord[] {
  const pairs: ExampleRecord[] = [];
  let purpose = '';
  for (const text of examples) {
    if (text.startsWith('# ')) purpose = text.slice(2);
    else {
      pairs.push({ command: text.replace(/^\$0/, 'fauxlm'), purpose });
      purpose = '';
    }
  }
  return pairs;
}
