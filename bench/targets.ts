import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FEATURE } from './wire-client.ts';

/** A server that a bench puts load on, in a process of its own. */
export interface Target {
  readonly manager: number;
  readonly daemon: number;
  /** Of its process. */
  readonly pid: number;
  /** Where its control plane answers, if it has one. */
  readonly http?: string | undefined;
  stop(): void;
}

/** What our server is started with beyond one feature. */
export interface OursOptions {
  readonly seats?: number;
  /** Further features beside the one asked for. */
  readonly features?: number;
  /** Lines of the options file, about other users and features of the license. */
  readonly optionsLines?: number;
  /** The vendor daemon in a process of its own, as real ones are. */
  readonly processes?: boolean;
  /** With a control plane. */
  readonly http?: boolean;
}

const here = fileURLToPath(new URL('.', import.meta.url));

/** The bare framed server: bare-server.ts says what it does. */
export function startBare(): Promise<Target> {
  const child = spawn(process.execPath, [join(here, 'bare-server.js')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return ready(child, (line) => {
    const { port, daemon } = JSON.parse(line) as { port: number; daemon: number };
    return { manager: port, daemon };
  });
}

/** Ours, with journal and debug log on. */
export function startOurs(folder: string, options: OursOptions = {}): Promise<Target> {
  const {
    seats = 100_000,
    features = 0,
    optionsLines = 0,
    processes = false,
    http = false,
  } = options;
  const license = join(folder, 'bench.lic');
  const others = Array.from(
    { length: features },
    (_, index) => `INCREMENT other_${index} acmed 2030.0 permanent 10 SIGN=00`,
  );
  const own = `INCREMENT ${FEATURE} acmed 2030.0 permanent ${seats} SIGN=00`;
  writeFileSync(license, [...head, ...others, own, ''].join('\n'));
  writeFileSync(join(folder, 'acmed.opt'), optionsOf(optionsLines, features));
  const words = ['serve', license, '--port', '0', '--host', '127.0.0.1', '--json'];
  if (processes) words.push('--processes');
  if (http) words.push('--http', '127.0.0.1:0');
  const log = ['--log', join(folder, 'debug.log')];
  const cli = join(here, '..', '..', 'dist', 'cli', 'fauxlm.js');
  const child = spawn(process.execPath, [cli, ...words, ...log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return ready(child, (line) => {
    const told = JSON.parse(line) as { port: number; http?: string; vendors: { port: number }[] };
    return { manager: told.port, daemon: told.vendors[0]!.port, http: told.http };
  });
}

const head = ['SERVER this_host ANY', 'VENDOR acmed'];

/**
 * Lines that an administrator has after years: groups, and rules of each kind. A tenth of them is about the feature
 * that is asked for, and lets its clients pass.
 */
function optionsOf(lines: number, features: number): string {
  if (lines === 0) return '';
  const rows = ['GROUP crew user0 user1 user2', 'GROUP others zoe kim', 'HOST_GROUP lab n1 n2 n3'];
  for (let index = 0; rows.length < lines; index++) {
    const other = `other_${index % Math.max(features, 1)}`;
    const kinds = [
      `EXCLUDE ${FEATURE} USER gone${index}`,
      `EXCLUDE ${other} USER gone${index}`,
      `INCLUDE ${other} GROUP crew`,
      `MAX 5 ${other} USER kim${index}`,
      `RESERVE 1 ${other} HOST_GROUP lab`,
      `MAX 90000 ${FEATURE} USER user${index}`,
      `TIMEOUT ${other} 3600`,
      `LINGER ${other} 60`,
      `EXCLUDE ${other} HOST old${index}`,
      `INCLUDE ${other} GROUP others`,
    ];
    rows.push(kinds[index % 10]!);
  }
  return `${rows.join('\n')}\n`;
}

type Ports = Pick<Target, 'manager' | 'daemon' | 'http'>;

function ready(child: ChildProcess, read: (line: string) => Ports): Promise<Target> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0)
        resolve({
          ...read(text.slice(0, end)),
          pid: child.pid!,
          stop: () => void child.kill('SIGTERM'),
        });
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}
