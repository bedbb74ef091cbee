import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PeerMissing } from './peer.ts';
import { outputOf, programOf } from './programs.ts';

/** The last one that runs on Node 20. */
const PACKAGE = 'autocannon@8.0.0';

/** Puts requests to a URL, over and over, in a process of its own. */
export interface Autocannon {
  /** Answers a second. @throws when one of them is none, or wrong */
  answersPerSecond(url: string, connections: number, seconds: number): Promise<number>;
  remove(): void;
}

interface Shots {
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly duration: number;
}

/** @throws PeerMissing without npm's registry */
export async function fetchAutocannon(): Promise<Autocannon> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-autocannon-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const npm = programOf('npm', 'npm');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  try {
    await outputOf(npm, ['install', ...quiet, '--prefix', folder, PACKAGE], { cwd: folder });
  } catch (error) {
    remove();
    throw new PeerMissing(`npm does not bring ${PACKAGE}: ${(error as Error).message}`);
  }
  const program = join(folder, 'node_modules', 'autocannon', 'autocannon.js');
  const answersPerSecond: Autocannon['answersPerSecond'] = async (url, connections, seconds) => {
    const flags = ['--json', '--no-progress', '-c', `${connections}`, '-d', `${seconds}`];
    const text = await outputOf(process.execPath, [program, ...flags, url]);
    const shots = JSON.parse(text) as Shots;
    const { non2xx, errors, timeouts } = shots;
    if (non2xx + errors + timeouts > 0)
      throw new Error(`${url}: ${non2xx} refused, ${errors} errors, ${timeouts} timeouts`);
    return shots['2xx'] / shots.duration;
  };
  return { answersPerSecond, remove };
}
