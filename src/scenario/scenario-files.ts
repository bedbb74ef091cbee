import { readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';

/** Load profiles have a language of their own (fauxlm load). */
function isScenario(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !/\.(profile|part)\.ya?ml$/i.test(path);
}

/**
 * The scenario files of files, folders and globs (`*`, `**`, `?`, `{a,b}`), each once, in the order of the words and of
 * the alphabet. Load profiles are left out, unless named as files.
 * @throws KnownError FILE_UNREADABLE for a folder or glob without any, USAGE for too many
 */
export function scenarioFiles(words: readonly string[]): readonly string[] {
  const found = new Set(words.flatMap(filesOf));
  if (found.size <= limits.scenarioFilesMax) return [...found];
  const text = `expected at most ${limits.scenarioFilesMax} scenario files, got ${found.size}`;
  throw new KnownError('USAGE', text);
}

function filesOf(word: string): readonly string[] {
  const stats = statSync(word, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return some(word, under(word).filter(isScenario));
  if (stats !== undefined || !/[*?{]/.test(word)) return [word];
  const fixed = word.split(/[\\/]/);
  const root = fixed
    .slice(
      0,
      fixed.findIndex((part) => /[*?{]/.test(part)),
    )
    .join(sep);
  const pattern = globPattern(word.replaceAll('\\', '/'));
  const start = root === '' && !word.startsWith('/') ? '.' : root || sep;
  const all = under(start).map((path) => (start === '.' ? path.replace(/^\.[\\/]/, '') : path));
  return some(
    word,
    all.filter((path) => isScenario(path) && pattern.test(path.replaceAll('\\', '/'))),
  );
}

function some(word: string, files: readonly string[]): readonly string[] {
  if (files.length > 0) return files;
  throw new KnownError('FILE_UNREADABLE', `${word}: expected scenario files (*.yaml), got none`);
}

/** Every file under a folder, in the order of the alphabet. Links are not followed: they may lead in circles. */
function under(folder: string): readonly string[] {
  const entries = readFolder(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : under(path);
    return [path];
  });
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/?|\*|\?|\{[^}]*\}|[.+^$()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})`;
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
}
