import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  type Ended,
  ended,
  environment,
  type Folder,
  programs,
  textOf,
  until,
} from './processes.ts';

/** util-linux's script(1) gives a program a terminal; undefined where it is not. */
export const scriptPath = ['/usr/bin/script'].find((path) => existsSync(path));

/** One of our programs in a terminal of its own, of which the test is the keyboard and the eyes. */
export class PseudoTerminal implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: Folder;
  /** How the program and its terminal ended. */
  readonly ended: Promise<Ended>;
  /** All that was written to the terminal. */
  text = '';
  #isOver = false;
  #resizedAt = 0;

  /** Starts `fauxlm` with these words on a terminal of this size. Notes how the terminal is set, before and after. */
  constructor(folder: Folder, words: readonly string[], size: string, env = {}) {
    this.#folder = folder;
    const own = [process.execPath, programs.fauxlm, ...words].map((word) => `'${word}'`).join(' ');
    const lines = [
      `stty ${size}`,
      `stty -g > '${folder.at('before')}'`,
      `tty > '${folder.at('tty')}'`,
      // Its number is that of the program, which the shell becomes.
      `sh -c 'echo $$ > "$0"; exec "$@"' '${folder.at('pid')}' ${own}`,
      `echo $? > '${folder.at('status')}'`,
      `stty -g > '${folder.at('after')}'`,
    ];
    const options = ['-q', '-f', '-c', lines.join('\n'), '/dev/null'];
    this.#child = spawn(scriptPath!, options, { env: environment({ TERM: 'xterm', ...env }) });
    this.ended = ended(this.#child);
    void this.ended.then(() => {
      this.#isOver = true;
    });
    this.#child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      this.text += part;
    });
  }

  type(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(Number(textOf(this.#folder.at('pid'))), signal);
  }

  /** As a window that is drawn larger or smaller. */
  resize(size: string): void {
    this.#resizedAt = this.text.length;
    const tty = textOf(this.#folder.at('tty')).trim();
    spawnSync('stty', ['-F', tty, ...size.split(' ')]);
  }

  /** The exit status of the program. */
  get status(): number {
    return Number(textOf(this.#folder.at('status')));
  }

  /** The terminal is set as it was: echo, lines, signals. */
  get isAsBefore(): boolean {
    return textOf(this.#folder.at('before')) === textOf(this.#folder.at('after'));
  }

  /**
   * What stands on the screen: lines put at their places, without colors. After a change of size nothing, until it is
   * drawn anew.
   */
  get screen(): readonly string[] {
    const lines: string[] = [];
    const from = this.text.lastIndexOf('\x1b[2J');
    if (from < this.#resizedAt) return lines;
    const puts = /\x1b\[(\d+);1H(.*?)\x1b\[K/gs;
    for (const [, row, line] of this.text.slice(from).matchAll(puts))
      lines[Number(row) - 1] = line!.replace(/\x1b\[[\d;]*m/g, '');
    return Array.from(lines, (line) => line ?? '');
  }

  /** Resolves when such a line stands on the screen; throws when the program ends before. */
  async shows(line: RegExp): Promise<void> {
    await until(() => this.#isOver || this.screen.some((each) => line.test(each)));
    if (this.#isOver) throw new Error(`ended before ${line} was shown:\n${this.text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}
