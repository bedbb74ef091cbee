import { KnownError } from '../../base/errors.ts';
import type { Paint } from './bars.ts';
import { renderScreen } from './screen.ts';
import { Terminal } from './terminal.ts';
import { chosenOf, firstView, type Key, type View, viewAfter } from './view.ts';
import type { Watch, Watched } from './watched.ts';

export interface LiveOptions {
  readonly watch: Watch;
  /** What it said a moment ago. */
  readonly first: Watched;
  readonly intervalMs: number;
  readonly view: Partial<View>;
  readonly paint: Paint;
}

/**
 * Shows a server in the terminal until a person has seen enough. Asks for the next state when the last was shown for
 * `intervalMs`: a slow server is asked less often, and never twice at a time. Gives the exit status.
 */
export async function showLive(options: LiveOptions): Promise<number> {
  const { watch, paint, intervalMs } = options;
  let watched = options.first;
  let trouble: string | undefined;
  let view: View = { ...firstView, ...options.view };
  let end: (status: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const draw = () => {
    const shown = { ...terminal.size, view, paint, isLive: true };
    terminal.show(renderScreen(watched, trouble === undefined ? shown : { ...shown, trouble }));
  };
  const take = (key: Key) => {
    const after = viewAfter(view, key, chosenOf(watched, view));
    if (after === 'quit') return end(key.name === 'c' ? 130 : 0);
    if (after === 'suspend') return terminal.suspend();
    view = after;
    draw();
  };
  const terminal = new Terminal(process.stdin, process.stdout, {
    key: take,
    changed: draw,
    ended: (status) => end(status),
  });
  let timer: NodeJS.Timeout | undefined;
  const refresh = async () => {
    try {
      watched = await watch.read();
      trouble = undefined;
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      trouble = error.message;
    }
    draw();
    next();
  };
  const next = () => {
    timer = setTimeout(() => refresh().catch(fail), intervalMs);
  };
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  try {
    draw();
    next();
    return await Promise.race([ended, failed]);
  } finally {
    clearTimeout(timer);
    terminal.close();
  }
}
