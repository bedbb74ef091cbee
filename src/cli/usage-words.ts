import { didYouMean, nearest } from '../base/nearest.ts';

/** What a command line may hold, to say what was expected. */
export interface Vocabulary {
  /** What was typed behind `fauxlm`. */
  readonly typed: readonly string[];
  /** Names of commands, or of the flags of the command that was named. */
  readonly commands: readonly string[];
  readonly flags: readonly string[];
  /** The words that the command takes, as its help shows them: `<files..>`. Empty for none, or without a command. */
  readonly positionals: string;
}

interface Speech {
  readonly heard: RegExp;
  readonly say: (parts: readonly string[], words: Vocabulary) => string;
}

/** What yargs says of a wrong command line, and what a user is told: what was expected, what was got. */
const speeches: readonly Speech[] = [
  {
    heard: /^Not enough non-option arguments: got (\d+)/,
    say: ([count], { positionals }) =>
      `expected ${positionals}, got ${count === '0' ? 'nothing' : `${count} of them`}`,
  },
  {
    heard: /^Not enough arguments following: (.*)$/,
    say: ([flag = '']) => `${dashed(flag)}: expected a value behind it, got nothing`,
  },
  {
    heard: /^Invalid values:\n {2}Argument: (\S+), Given: "(.*)", Choices: (.*)$/s,
    say: ([name = '', given = '', choices = ''], { positionals }) => {
      const known = choices.replaceAll('"', '').split(', ');
      const where = positionals.includes(`${name}>`) ? name : dashed(name);
      return `${where}: expected one of ${known.join(', ')}, got "${given}"${didYouMean(given, known)}`;
    },
  },
  {
    heard: /^Unknown (?:arguments?|commands?): (.*)$/s,
    say: ([text = ''], words) => {
      const [first = ''] = text.split(', ');
      return unknown(first, words);
    },
  },
];

/** What yargs said, in our words; as it stands where it says something else. */
export function usageWords(message: string, words: Vocabulary): string {
  for (const { heard, say } of speeches) {
    const match = heard.exec(message);
    if (match) return say(match.slice(1), words);
  }
  return message;
}

function unknown(word: string, { typed, commands, flags, positionals }: Vocabulary): string {
  if (flags.length === 0) {
    return `expected one of ${commands.join(', ')}, got "${word}"${didYouMean(word, commands)}`;
  }
  const flag = typed.find(
    (each) => each.startsWith('-') && each.replace(/^-+|=.*$/gs, '') === word,
  );
  if (flag !== undefined) {
    const meant = nearest(word, flags);
    const hint = meant === undefined ? '' : `; did you mean ${dashed(meant)}?`;
    return `expected a flag of this command, got "${flag}"${hint}`;
  }
  return `expected ${positionals === '' ? 'flags only' : positionals}, got "${word}" besides`;
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
