import { writeCheckin, writeCheckout } from '../../src/wire/hot.ts';
import { messages } from '../../src/wire/messages/index.ts';
import { HEADER_BYTES, Outbox } from '../../src/wire/outbox.ts';
import { FEATURE, hello } from '../wire-client.ts';
import type { Dialogue } from './dialogue.ts';

const out = new Outbox();

function written(write: () => void): Buffer {
  write();
  return out.take();
}

const acquire = written(() =>
  writeCheckout(out, {
    ...{ tag: 1, flags: 0, count: 1, feature: FEATURE, version: '2030.0', data: '' },
  }),
);

function typeOf(answer: Buffer): number {
  return answer.readUInt16BE(6);
}

/** Bytes of the frame that `bytes` begin with; 0 when it is not whole. */
function frameBytes(bytes: Buffer): number {
  const size = bytes.length < HEADER_BYTES ? 0 : bytes.readUInt16BE(4);
  return size <= bytes.length ? size : 0;
}

/** The same pairs at our server: a hello, then checkout and check-in. */
export const dialogueOfOurs: Dialogue = {
  opening: hello('acmed', 'pairs'),
  acquire,
  release: (answer) => {
    if (typeOf(answer) !== messages.granted.typeCode) throw new Error('ours refused a checkout');
    const handle = answer.readUInt32BE(HEADER_BYTES + 5);
    return written(() => writeCheckin(out, 2, handle));
  },
  released: (answer) => {
    if (typeOf(answer) !== messages.accepted.typeCode) throw new Error('ours refused a check-in');
  },
  answerBytes: frameBytes,
};
