import type { Cancel } from '../../base/clock.ts';
import { LEGACY_BYTES } from '../../wire/outbox.ts';
import type { Peer } from '../peer.ts';
import { writeFull } from '../refusals.ts';
import type { Call } from './call.ts';
import { callOfFrame, callOfLegacy } from './call-reading.ts';
import type { FaultInForce } from './fault-in-force.ts';
import { deliveryOf } from './reply-fates.ts';
import { ReplyPipe } from './reply-pipe.ts';
import type { Strike, Verdict } from './site-faults.ts';

/** Has the responder answer a message that stands in these bytes. */
type Answer = (bytes: Buffer, start: number) => void;

/**
 * One connection on which faults may act: decides of each message what becomes of it and of its reply, and lets out
 * in order what is left. A connection that comes and goes while nothing is wrong has none.
 */
export class FaultyLine {
  readonly #peer: Peer;
  readonly #pipe: ReplyPipe;
  /** Of the call that is being answered, be it in several turns. */
  #answering: Verdict | undefined;
  #inCall = false;
  /** The faults that slow or hold it, each with what forgets that. */
  readonly #bonds = new Map<FaultInForce, Cancel>();

  constructor(peer: Peer) {
    this.#peer = peer;
    this.#pipe = new ReplyPipe(peer.responder.faults.clock, (bytes) => peer.write(bytes));
  }

  frame(type: number, bytes: Buffer, start: number, end: number): void {
    const call = callOfFrame(this.#peer, type, bytes, start, end);
    this.#pass(call, { bytes, start, end }, (from, at) => {
      this.#peer.responder.frame(this.#peer, type, from, at, at + end - start);
    });
  }

  legacy(kind: number, bytes: Buffer, start: number): void {
    const call = callOfLegacy(this.#peer, kind, bytes, start);
    this.#pass(call, { bytes, start, end: start + LEGACY_BYTES }, (from, at) => {
      this.#peer.responder.legacy(this.#peer, kind, from, at);
    });
  }

  #pass(
    call: Call,
    { bytes, start, end }: { bytes: Buffer; start: number; end: number },
    answer: Answer,
  ): void {
    const verdict = this.#peer.responder.faults.verdict(call);
    const { connection } = verdict;
    if (connection === undefined) return this.#answer(verdict, () => answer(bytes, start));
    if (connection.fate !== 'hold') return this.strike(connection);
    const copy = Buffer.from(bytes.subarray(start, end));
    this.#wait(connection.fault, () => this.#answer(verdict, () => answer(copy, 0)));
  }

  #answer(verdict: Verdict, answer: () => void): void {
    const peer = this.#peer;
    // Replies to what came before are another matter.
    peer.flush();
    this.#answering = verdict;
    this.#inCall = true;
    try {
      answer();
      peer.flush();
    } finally {
      this.#inCall = false;
      this.#noteEnd();
    }
  }

  /** What follows is told unasked, unless the answer takes several turns. */
  #noteEnd(): void {
    const { waiting, stream } = this.#peer;
    if (!this.#inCall && !waiting && stream === undefined) this.#answering = undefined;
  }

  /** The connection comes to an end of a kind, or waits for the end of the fault. */
  strike({ fate, fault }: Strike): void {
    const { socket, responder, out } = this.#peer;
    switch (fate) {
      case 'full':
        writeFull(out);
        return this.#peer.close();
      case 'silence':
        return this.#silence(fault);
      case 'hold':
        return this.#wait(fault, () => {});
      case 'crash':
        return responder.faults.crash();
      default:
        socket.resetAndDestroy();
    }
  }

  /** From here on nothing is answered. What comes back to life knows nothing of old connections. */
  #silence(fault: FaultInForce): void {
    const peer = this.#peer;
    peer.cut = true;
    this.#bind(fault, () => peer.socket.resetAndDestroy());
  }

  /** Nothing more is read until the fault is over, then `then`. */
  #wait(fault: FaultInForce, then: () => void): void {
    const over = new Promise<void>((resolve) => {
      this.#bind(fault, resolve);
    });
    this.#peer.later(
      over.then(() => {
        if (!this.#peer.socket.destroyed) then();
      }),
    );
  }

  /** Sends what was collected: a reply to the call at hand, or what the client is told unasked. */
  flush(): void {
    const peer = this.#peer;
    const verdict = this.#answering ?? this.#noticed();
    if (peer.cut || peer.socket.destroyed) return void peer.out.take();
    const { pieces, ends } = deliveryOf(peer.out.take(), verdict.replies);
    for (const fault of verdict.slowedBy) {
      if (!this.#bonds.has(fault)) this.#bind(fault, () => this.#pipe.hurry());
    }
    this.#pipe.push(pieces);
    if (ends) this.#pipe.whenEmpty(() => peer.shut());
    if (this.#pipe.isFull && !peer.waiting) peer.later(this.#pipe.room());
    this.#noteEnd();
  }

  /** What is not asked for has no call but itself. */
  #noticed(): Verdict {
    const { responder, client } = this.#peer;
    const { server, vendor } = responder.faults;
    const call: Call = { server, vendor, on: 'notice', user: client?.user, host: client?.host };
    const verdict = responder.faults.verdict(call);
    const { connection } = verdict;
    if (connection?.fate === 'hold') {
      this.#pipe.hold();
      this.#bind(connection.fault, () => this.#pipe.letGo());
    } else if (connection !== undefined) this.strike(connection);
    return verdict;
  }

  #bind(fault: FaultInForce, then: () => void): void {
    const before = this.#bonds.get(fault);
    const forget = fault.whenOver(() => {
      this.#bonds.delete(fault);
      then();
    });
    this.#bonds.set(fault, () => {
      before?.();
      forget();
    });
  }

  /** The connection is gone: nobody waits for anything on it. */
  gone(): void {
    for (const forget of this.#bonds.values()) forget();
    this.#bonds.clear();
    this.#pipe.stop();
  }
}
