import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { refusalOfFile } from '../files/file-refusals.ts';
import type { Release } from '../text/banner.ts';
import { renderFileVersion, renderUnreadableFile } from '../text/lmutil-verbs.ts';
import { subcommand } from './subcommand.ts';

/** Bytes looked at together, and how many of them again with the next: a version stands in fewer. */
const CHUNK_BYTES = 1024 * 1024;
const OVERLAP_BYTES = 256;

/** `FLEXnet Licensing v11.6.0 build 56285 i86_lsb`, `FLEXlm v9.2`: how programs carry it. */
const versionPattern = new RegExp(
  [
    '(?:FLEXlm|FLEXnet|FlexNet)(?: Licensing)? ',
    'v?(\\d{1,3}(?:\\.\\d{1,4}){1,3})[a-z]?',
    '(?: build (\\d{1,9}))?',
    '(?: ([a-z0-9]{2,12}_[a-z0-9]{1,8}))?',
  ].join(''),
);

export const lmver = subcommand({
  name: 'lmver',
  operands: ['file'],
  flags: {},
  async run(_given, operands, { io, program }) {
    const [file] = operands;
    if (file === undefined || operands.length > 1) {
      throw new KnownError('USAGE', `expected one file, got ${operands.length}`);
    }
    const found = findRelease(file);
    if (found !== undefined && 'major' in found) {
      await io.print(renderUnreadableFile(program, file, found));
      return found;
    }
    await io.print(renderFileVersion(program, file, found));
    return undefined;
  },
});

/** The first version a file names; undefined when it names none; why it cannot be read. */
function findRelease(path: string): Release | Refusal | undefined {
  let descriptor: number | undefined;
  try {
    // Looked at before it is opened: a pipe would wait for its writer, a device never end.
    const status = statSync(path);
    if (status.isDirectory()) return { ...unreadable, sys: 21, sysText: 'Is a directory' };
    if (!status.isFile()) return { ...unreadable, sys: 22, sysText: 'Invalid argument' };
    descriptor = openSync(path, 'r');
    return scan(descriptor);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const error = new KnownError('FILE_UNREADABLE', cause.message, {}, { cause });
    return refusalOfFile(error, unreadable);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const unreadable = { major: -30, minor: 359 } as const;

function scan(descriptor: number): Release | undefined {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let kept = 0;
  for (;;) {
    const read = readSync(descriptor, chunk, kept, CHUNK_BYTES - kept, null);
    const end = kept + read;
    const match = versionPattern.exec(chunk.toString('latin1', 0, end));
    // What starts near the end may go on in the next chunk, which sees it again.
    const whole = match && (read === 0 || match.index < end - OVERLAP_BYTES);
    if (whole) {
      const [, version = '', build = '0', platform = 'unknown'] = match;
      return { version, build: Number(build), platform };
    }
    if (read === 0) return undefined;
    kept = Math.min(OVERLAP_BYTES, end);
    chunk.copy(chunk, 0, end - kept, end);
  }
}
