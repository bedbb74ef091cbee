import { writeSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Key } from './view.ts';

/** A screen of its own beside what was there, no cursor, no line that breaks at the edge. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
/** Terminals that know it show all that stands between at once; others pass over it. */
const FRAME_BEGIN = '\x1b[?2026h';
const FRAME_END = '\x1b[?2026l';

/** Its number as an open file. */
const STDOUT = 1;

/** Of a terminal that does not say how large it is. */
const USUAL = { columns: 80, rows: 24 };

export interface TerminalListener {
  readonly key: (key: Key) => void;
  /** Its size is another, or it is back from somewhere else. */
  readonly changed: () => void;
  /** The program is asked to end, with this status. */
  readonly ended: (status: number) => void;
}

/** Signals that end the program, and the status then: 128 and their number, as shells have it. */
const endings = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/**
 * A terminal that is ours while a page is shown in it. However the program ends, the terminal is as it was: by a key, a
 * signal, or a defect.
 */
export class Terminal {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #listener: TerminalListener;
  readonly #signals: readonly (readonly [NodeJS.Signals, () => void])[];
  readonly #onKey = (_text: string | undefined, key: Key) => this.#listener.key(key);
  readonly #onChange = () => {
    this.#shown = [];
    this.#listener.changed();
  };
  readonly #onContinue = () => {
    this.#enter();
    this.#onChange();
  };
  readonly #onExit = () => this.#leave();
  #shown: readonly string[] = [];
  #isOurs = false;

  constructor(input: ReadStream, output: WriteStream, listener: TerminalListener) {
    this.#input = input;
    this.#output = output;
    this.#listener = listener;
    this.#signals = endings.map(([name, status]) => [name, () => listener.ended(status)]);
    for (const [name, end] of this.#signals) process.on(name, end);
    process.on('SIGCONT', this.#onContinue);
    process.on('exit', this.#onExit);
    output.on('resize', this.#onChange);
    if (input.isTTY) emitKeypressEvents(input);
    input.on('keypress', this.#onKey);
    // A terminal that goes away takes the program along.
    input.on('end', () => listener.ended(129));
    input.on('error', () => listener.ended(129));
    this.#enter();
  }

  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#output;
    return { columns: columns || USUAL.columns, rows: rows || USUAL.rows };
  }

  /** Shows these lines. Only those that differ are written, and none while the terminal has not taken the last. */
  show(lines: readonly string[]): void {
    if (!this.#isOurs || this.#output.writableLength > 0) return;
    const { rows } = this.size;
    const isAnew = this.#shown.length === 0;
    let text = isAnew ? '\x1b[2J' : '';
    for (let at = 0; at < rows; at++) {
      const line = lines[at] ?? '';
      if (!isAnew && line === (this.#shown[at] ?? '')) continue;
      text += `\x1b[${at + 1};1H${line}\x1b[K`;
    }
    this.#shown = lines.slice(0, rows);
    if (text !== '') this.#output.write(FRAME_BEGIN + text + FRAME_END);
  }

  /** Gives the terminal back and stops the program, as Ctrl-Z does; goes on with it when it is continued. */
  suspend(): void {
    this.#leave();
    process.kill(process.pid, 'SIGSTOP');
  }

  /** Gives the terminal back for good. */
  close(): void {
    for (const [name, end] of this.#signals) process.off(name, end);
    process.off('SIGCONT', this.#onContinue);
    process.off('exit', this.#onExit);
    this.#output.off('resize', this.#onChange);
    this.#input.off('keypress', this.#onKey);
    this.#leave();
    this.#input.pause();
  }

  #enter(): void {
    this.#isOurs = true;
    if (this.#input.isTTY) this.#input.setRawMode(true);
    this.#input.resume();
    this.#output.write(ENTER);
  }

  /** At once: at the end of a process nothing that waits is written any more. */
  #leave(): void {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    try {
      if (this.#input.isTTY) this.#input.setRawMode(false);
      writeSync(STDOUT, LEAVE);
    } catch {
      // The terminal itself is gone.
    }
  }
}
