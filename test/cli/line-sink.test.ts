import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { LineSink } from '../../src/cli/line-sink.ts';

/** A reader that takes nothing until it is told to, then everything. */
class SlowReader extends Writable {
  readonly taken: string[] = [];
  #waiting: (() => void) | undefined;
  #awake = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk.toString());
    if (this.#awake) done();
    else this.#waiting = done;
  }

  wake(): void {
    this.#awake = true;
    this.#waiting?.();
  }
}

const line = `${'x'.repeat(999)}\n`;

test('lines for a reader that takes none are dropped past a bound, and counted when it wakes', async () => {
  const reader = new SlowReader();
  const told: number[] = [];
  const sink = new LineSink(reader, (lines) => told.push(lines));
  for (let count = 0; count < 1_000; count++) sink.write(line);
  const kept = reader.writableLength / line.length;
  expect(kept).toBeLessThanOrEqual(263);
  expect(told).toEqual([]);
  reader.wake();
  await sink.settled();
  expect(told).toEqual([1_000 - kept]);
  sink.write('again\n');
  expect(await sink.settled()).toBe(true);
  expect(reader.taken.filter((text) => text !== '').slice(-1)).toEqual(['again\n']);
});

test('at the end a reader that takes nothing is not waited for', async () => {
  const sink = new LineSink(new SlowReader(), () => {});
  sink.write(line);
  expect(await sink.settled()).toBe(false);
});

test('a reader that went away takes lines without harm', async () => {
  const reader = new SlowReader();
  const sink = new LineSink(reader, () => {});
  reader.destroy();
  sink.write(line);
  expect(await sink.settled()).toBe(true);
});
