import { expect, test } from 'vitest';
import { LogBytes } from '../../src/daemon/log-bytes.ts';

function put(bytes: LogBytes, text: string): void {
  bytes.text(text, Buffer.byteLength(text));
}

test('texts and bytes come out in the order they went in, as UTF-8', () => {
  const bytes = new LogBytes();
  put(bytes, 'zoë@ws1\n');
  bytes.raw(Buffer.from('kim@wś2\n'));
  put(bytes, '');
  expect(bytes.length).toBe(18);
  expect(bytes.take().toString()).toBe('zoë@ws1\nkim@wś2\n');
  expect(bytes.length).toBe(0);
});

test('what was taken stays as it was while more is collected, until it is given back', () => {
  const bytes = new LogBytes();
  put(bytes, 'first\n');
  const first = bytes.take();
  put(bytes, 'second\n');
  expect(first.toString()).toBe('first\n');
  const second = bytes.take();
  bytes.giveBack(first);
  put(bytes, 'third\n');
  expect(second.toString()).toBe('second\n');
  expect(bytes.take().toString()).toBe('third\n');
});

test('more than there was room for is kept whole', () => {
  const bytes = new LogBytes();
  const lines = Array.from({ length: 5_000 }, (_, n) => `line ${n} ${'.'.repeat(n % 90)}\n`);
  for (const line of lines) put(bytes, line);
  expect(bytes.take().toString()).toBe(lines.join(''));
});

test('what is put before everything else comes first', () => {
  const bytes = new LogBytes();
  put(bytes, 'b\nc\n');
  bytes.prepend('a\n');
  put(bytes, 'd\n');
  expect(bytes.take().toString()).toBe('a\nb\nc\nd\n');
});
