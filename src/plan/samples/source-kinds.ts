import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { decodeText } from '../../domain/text-encoding.ts';
import { shownPath } from '../../files/system-reasons.ts';
import { readLog } from '../scan/log-file-chunks.ts';
import { bannerLine, statusLine } from './lmstat-polls.ts';
import type { SourceKind } from './source-kind-names.ts';
import { tableHead } from './table-rows.ts';

/** Bytes of a file that tell what it is. */
const HEAD_BYTES = 64 * 1024;

/** Files of one kind. */
export interface KnownSources {
  readonly kind: SourceKind;
  readonly paths: readonly string[];
}

/** Whether a folder is one that fauxlm ingest wrote. */
export function isStore(path: string): boolean {
  return existsSync(join(path, '_fauxlm'));
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The files that sources are, those of a folder one by one, and what they are: as `told`, else by their beginnings.
 * Of the files of a folder the first tells for all. What nothing else is, is taken for a debug log.
 * @throws KnownError USAGE for files of several kinds; FILE_UNREADABLE; PLAN_TOO_LARGE
 */
export async function knownSources(
  sources: readonly string[],
  told?: SourceKind,
): Promise<KnownSources> {
  const kinds = new Map<SourceKind, string>();
  const paths: string[] = [];
  for (const source of sources) {
    const files = isFolder(source) ? filesOf(source) : [source];
    paths.push(...files);
    const kind = told ?? (await kindOf(files[0]!));
    if (!kinds.has(kind)) kinds.set(kind, source);
  }
  const [kind = 'log', other] = [...kinds.keys()];
  if (other === undefined) return { kind, paths };
  const got = [...kinds].map(([each, path]) => `${each} (${shownPath(path)})`).join(' and ');
  const text = `expected sources of one kind, or what is counted twice, got ${got}`;
  throw new KnownError('USAGE', text);
}

function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  if (names.length > 0 && names.length <= limits.sampleFilesMax) {
    return names.map((name) => join(folder, name));
  }
  const expected =
    names.length === 0
      ? 'files of samples or debug logs, or what fauxlm ingest wrote'
      : `at most ${limits.sampleFilesMax} files`;
  const text = `${folder}: expected ${expected}, got ${names.length || 'none of them'}`;
  throw new KnownError(names.length === 0 ? 'PLAN_STORE' : 'PLAN_TOO_LARGE', text, { folder });
}

async function kindOf(path: string): Promise<SourceKind> {
  const parts: Buffer[] = [];
  let left = HEAD_BYTES;
  await readLog(path, (chunk) => {
    // The chunk is only lent.
    parts.push(Buffer.from(chunk.subarray(0, left)));
    left -= Math.min(left, chunk.length);
    return left > 0;
  });
  const { text } = decodeText('', Buffer.concat(parts));
  if (/^\uFEFF?\s*\{\s*"/.test(text)) return 'prometheus';
  const lines = text.split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
  if (first !== undefined && tableHead(first) !== undefined) return 'csv';
  if (first !== undefined && bannerLine.test(first)) return 'lmstat';
  return lines.some((line) => statusLine.test(line) || usersLine.test(line)) ? 'lmstat' : 'log';
}

const usersLine = /^Users of .+: +\((?:Total of \d|Uncounted)/;
