import { connect, createServer, type Server } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { AcceptPace } from '../../src/daemon/accept-pace.ts';
import { Listener } from '../../src/daemon/listener.ts';
import { ListenerCopies } from '../../src/daemon/listener-copies.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function listening(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  );
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

/** What a connection is told before it ends, or why there is none. */
function told(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('data', (chunk: Buffer) => (text += chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
    socket.on('close', () => resolve(text));
  });
}

test('copies of a listening socket accept its connections after it is closed, until they are', async () => {
  const server = createServer((socket) => socket.end('the first'));
  const port = await listening(server);
  const handles = await new ListenerCopies(server, 3).copies;
  expect(handles).toHaveLength(3);
  const copies = handles.map((handle) =>
    createServer((socket) => socket.end('a copy')).listen(handle),
  );
  await closed(server);
  expect(await told(port)).toBe('a copy');
  await Promise.all(copies.map(closed));
  expect(await told(port)).toBe('ECONNREFUSED');
});

test('copies that are given up are open nowhere: the port is free again', async () => {
  const server = createServer();
  const port = await listening(server);
  const copies = new ListenerCopies(server, 3);
  await closed(server);
  await copies.giveUp();
  expect(await copies.copies).toEqual([]);
  expect(await told(port)).toBe('ECONNREFUSED');
});

test('a port whose clients wait is accepted by eight descriptors, and free once it is closed', async () => {
  const listener = new Listener(
    (socket) => socket.end('welcome'),
    () => {},
    { isSlow: () => true },
  );
  closing.push(() => listener.close());
  await listener.listen(['127.0.0.1'], 0);
  expect(await told(listener.port)).toBe('welcome');
  await vi.waitFor(() => expect(listener.descriptors).toBe(8), 20_000);
  const all = Array.from({ length: 20 }, () => told(listener.port));
  expect(new Set(await Promise.all(all))).toEqual(new Set(['welcome']));
  await listener.become('refused');
  expect(await told(listener.port)).toBe('ECONNREFUSED');
  await listener.become(undefined);
  expect(await told(listener.port)).toBe('welcome');
});

test('a port that is closed while its copies are made is free', async () => {
  const listener = new Listener(
    (socket) => socket.end('welcome'),
    () => {},
    { isSlow: () => true },
  );
  await listener.listen(['127.0.0.1'], 0);
  expect(await told(listener.port)).toBe('welcome');
  await listener.close();
  expect([listener.descriptors, await told(listener.port)]).toEqual([0, 'ECONNREFUSED']);
});

/** Whether the last of 64 connections found the loop slow, each `activeMs` and `idleMs` after the one before. */
function slowAfter(activeMs: number, idleMs: number): boolean {
  let count = 0;
  const pace = new AcceptPace(() => ({ active: count * activeMs, idle: count * idleMs }));
  let isSlow = false;
  for (count = 1; count <= 64; count++) isSlow = pace.isSlow();
  return isSlow;
}

test('clients wait for the event loop when it is busy and takes them one in a millisecond or more', () => {
  expect(slowAfter(5, 0)).toBe(true);
  expect(slowAfter(1, 0.05)).toBe(true);
  // Short turns: nobody waits for long. An idle loop: clients come no faster.
  expect(slowAfter(0.2, 0)).toBe(false);
  expect(slowAfter(5, 5)).toBe(false);
});
