import type { CommandRecord, FlagRecord } from './command-record.ts';

/** What a man page is made of; every part but the name may be missing. */
export interface ManPage {
  /** The page's name, such as `fauxlm-serve`. */
  readonly name: string;
  readonly summary: string;
  /** A line each. */
  readonly synopsis: readonly string[];
  readonly sections: readonly ManSection[];
}

export interface ManSection {
  readonly title: string;
  /** Terms with what they are. */
  readonly terms?: readonly (readonly [term: string, about: string])[];
  /** Lines that stay as they are. */
  readonly text?: string;
}

/** The page as roff, section 1, for man(1). */
export function renderManPage(
  { name, summary, synopsis, sections }: ManPage,
  version: string,
): string {
  const lines = [
    `.TH ${quoted(name.toUpperCase())} 1 "" ${quoted(`fauxlm ${version}`)} "fauxlm"`,
    '.SH NAME',
    `${roff(name)} \\- ${roff(summary)}`,
    '.SH SYNOPSIS',
    ...synopsis.flatMap((line, at) => [...(at === 0 ? [] : ['.br']), `.B ${roff(line)}`]),
    ...sections.flatMap(sectionLines),
  ];
  return `${lines.join('\n')}\n`;
}

/** A command's own page, with its subcommands behind it. */
export function manPageOf(command: CommandRecord, others: readonly string[]): ManPage {
  const all = [command, ...command.subcommands];
  return {
    name: `fauxlm-${command.name.replaceAll(' ', '-')}`,
    summary: command.summary,
    synopsis: all.map(({ usage, flags }) => `fauxlm ${usage}${flags.length > 0 ? ' [flags]' : ''}`),
    sections: [
      ...all.flatMap(sectionsOf),
      { title: 'SEE ALSO', text: others.map((each) => `${each}(1)`).join(', ') },
    ],
  };
}

function sectionsOf(command: CommandRecord): ManSection[] {
  const { name, summary, positionals, flags, examples, epilogue } = command;
  const of = name.includes(' ') ? ` OF ${name.toUpperCase()}` : '';
  const sections: ManSection[] = [];
  if (of !== '') sections.push({ title: name.toUpperCase(), text: summary });
  if (positionals.length > 0) {
    const terms = positionals.map((each) => [each.name, aboutPositional(each)] as const);
    sections.push({ title: `ARGUMENTS${of}`, terms });
  }
  if (flags.length > 0) {
    const terms = flags.map((flag) => [flagTerm(flag), aboutFlag(flag)] as const);
    sections.push({ title: `FLAGS${of}`, terms });
  }
  if (epilogue !== '') sections.push({ title: `NOTES${of}`, text: epilogue });
  if (examples.length > 0) {
    const terms = examples.map((each) => [each.command, each.purpose] as const);
    sections.push({ title: `EXAMPLES${of}`, terms });
  }
  return sections;
}

/** `-n, --count VALUE`. */
export function flagTerm({ names, value }: FlagRecord): string {
  return value === '' ? names : `${names} ${value}`;
}

/** What it does, whether it may be repeated, what it is by default. */
export function aboutFlag({ describe, isRepeatable, byDefault }: FlagRecord): string {
  const repeat = isRepeatable && !describe.includes('repeated') ? '; may be repeated' : '';
  return `${describe}${repeat}${byDefault === '' ? '' : ` [${byDefault}]`}`;
}

/** What it is, and the only values there are. */
export function aboutPositional(positional: CommandRecord['positionals'][number]): string {
  const { describe, choices } = positional;
  return choices.length === 0 ? describe : `${describe}: ${choices.join(', ')}`;
}

function sectionLines({ title, terms = [], text }: ManSection): string[] {
  return [
    `.SH ${quoted(title)}`,
    ...(text === undefined ? [] : ['.nf', ...text.split('\n').map(roff), '.fi']),
    ...terms.flatMap(([term, about]) => ['.TP', `.B ${roff(term)}`, roff(about)]),
  ];
}

/** A macro's argument. */
function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}

/** No character of a text is taken for a request of roff: no backslash, no dot or quote at the start, no hyphen. */
function roff(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('’', "'");
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}
