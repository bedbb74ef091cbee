import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestCheckout } from '../../src/client/checkout.ts';
import { type MessageKind, messages } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { ann, makeContext, makePath, makeWanted } from './make.ts';
import { type Heard, ScriptedServer, singlePortScript, type Talk } from './scripted-server.ts';

/** What a hostile server does instead of the answer to message `after`, counted from 0. */
interface Malice {
  readonly after: number;
  readonly what:
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'frame'; readonly type: number; readonly body: Uint8Array }
    | { readonly kind: 'close' | 'reset' | 'silence' };
}

const codes = Object.values(messages).map(({ typeCode }) => typeCode);
const body = fc.uint8Array({ maxLength: 200 });
const malice: fc.Arbitrary<Malice> = fc.record({
  after: fc.nat({ max: 5 }),
  what: fc.oneof(
    fc.record({ kind: fc.constant('bytes' as const), bytes: body }),
    fc.record({ kind: fc.constant('frame' as const), type: fc.constantFrom(...codes), body }),
    fc.constantFrom({ kind: 'close' as const }, { kind: 'reset' as const }),
    fc.constant({ kind: 'silence' as const }),
  ),
});

let server: ScriptedServer;

/** One conversation: what is done to it, and the messages heard of it. */
interface Run {
  readonly malice: Malice;
  heard: number;
}

/** By the pid of its hellos: what an earlier one still sends late counts there. */
const runs = new Map<string, Run>();
let lastPid = 1_000;

beforeAll(async () => {
  const kind = singlePortScript({ acmed: { solve: '1.0' } });
  const runOf = new WeakMap<Talk, Run>();
  server = await ScriptedServer.start((heard: Heard, talk: Talk) => {
    if (heard.kind === 'hello') runOf.set(talk, runs.get(heard.value.pid)!);
    const run = runOf.get(talk)!;
    if (run.heard++ !== run.malice.after) return kind(heard, talk);
    const { what } = run.malice;
    if (what.kind === 'bytes') talk.raw(what.bytes);
    else if (what.kind === 'frame') talk.raw(frame(what.type, what.body));
    else if (what.kind === 'close') talk.close();
    else if (what.kind === 'reset') talk.reset();
    return undefined;
  });
});
afterAll(() => server.stop());

/** A frame with right sums around any body. */
function frame(type: number, bytes: Uint8Array): Buffer {
  const out = new Outbox();
  out.begin(type);
  out.raw(bytes);
  out.end();
  return out.take();
}

function checkoutUnder(chosen: Malice) {
  lastPid++;
  runs.set(`${lastPid}`, { malice: chosen, heard: 0 });
  const context = makeContext({ answerTimeoutMs: 15, identity: { ...ann, pid: lastPid } });
  return requestCheckout(makeWanted(), makePath(server.address), context);
}

test('whatever a server says, a checkout ends in a grant or a refusal, in bounded time', async () => {
  await fc.assert(
    fc.asyncProperty(malice, async (chosen) => {
      const outcome = await checkoutUnder(chosen);
      if (outcome.ok) outcome.held?.session.close();
      else expect(outcome.reported.refusal.major).toBeLessThan(0);
    }),
    { numRuns: 200 },
  );
});

test('every kind of message out of place is a refusal', async () => {
  for (const kind of Object.keys(messages) as MessageKind[]) {
    if (messages[kind].generation !== 'frame' || kind === 'greeting') continue;
    const type = messages[kind].typeCode;
    const what = { kind: 'frame', type, body: new Uint8Array(120) } as const;
    const outcome = await checkoutUnder({ after: 0, what });
    expect(outcome.ok, kind).toBe(false);
  }
});
