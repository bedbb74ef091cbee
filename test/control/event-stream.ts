import { expect } from 'vitest';

/** Frames of a stream, as they come. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  readonly #abort: AbortController;
  #rest = '';

  private constructor(response: Response, abort: AbortController) {
    this.#reader = response.body!.getReader();
    this.#abort = abort;
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const abort = new AbortController();
    const { signal } = abort;
    const response = await fetch(url, { headers, signal });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    return new EventStream(response, abort);
  }

  /** The next frame of one of these events; undefined at the end of the stream. */
  async next(...names: string[]): Promise<Record<string, string> | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n');
      if (end >= 0) {
        const frame = frameOf(this.#rest.slice(0, end));
        this.#rest = this.#rest.slice(end + 2);
        if (names.includes(frame['event'] ?? '')) return frame;
        continue;
      }
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#rest += this.#decoder.decode(value, { stream: true });
    }
  }

  /** All frames to the end of the stream. */
  async rest(): Promise<readonly Record<string, string>[]> {
    const frames = [];
    for (;;) {
      const frame = await this.next('state', 'told', 'missed', 'end');
      if (frame === undefined) return frames;
      frames.push(frame);
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

function frameOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => !line.startsWith(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at), line.slice(at + 2)];
    }),
  );
}
