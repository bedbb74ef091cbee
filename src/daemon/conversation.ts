import { limits } from '../base/limits.ts';
import { messages } from '../wire/messages/index.ts';
import type { MessageSink } from '../wire/splitter.ts';
import type { Peer } from './peer.ts';
import type { Answered, Rounds, Turn } from './rounds.ts';

/** How long one client is answered before the others get their turn. */
const TURN_MS = 2;
/** The time is looked at once in so many messages (a power of two): most take a microsecond. */
const MESSAGES_PER_LOOK = 16;

/** What a conversation tells its host. */
export interface ConversationEvents {
  /** The first hello was answered. */
  greeted(peer: Peer): void;
  /** Answering failed by a defect of ours: it costs this connection, never the server. */
  failed(peer: Peer, error: unknown): void;
}

/**
 * The talk with one client: cuts what comes into messages, has them answered in order, and writes all answers
 * to one read in one write. Answers too much at a time for nobody: when enough has gathered, when a turn is
 * over, or while the client does not take what is there, the rest of what came waits, no more is read, and it
 * goes on when the socket has room. So a client can make us keep one read of requests and one round of answers.
 */
export class Conversation implements MessageSink, Turn, Answered {
  readonly #peer: Peer;
  readonly #rounds: Rounds;
  readonly #events: ConversationEvents;
  /** What came and is not answered yet. */
  #rest: Buffer | undefined;
  /** Messages of this turn. */
  #taken = 0;
  #turnEnds = 0;
  /** The client has closed its side: what it asked for is still answered. */
  #ended = false;
  /** Its answers are sent at the end of the round. */
  #isSending = false;

  constructor(peer: Peer, rounds: Rounds, events: ConversationEvents) {
    this.#peer = peer;
    this.#rounds = rounds;
    this.#events = events;
    const { socket } = peer;
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#end());
    peer.onAnswered = (failed) => this.#answered(failed);
  }

  /** The connection is gone: nothing waits any more. */
  forget(): void {
    this.#rest = undefined;
    this.#peer.forget();
    this.#rounds.delete(this);
  }

  /** Takes what the socket gave; what is left of it for later is copied. */
  receive(bytes: Buffer, length: number): void {
    if (this.#peer.closing || this.#peer.cut) return;
    this.#peer.responder.traffic.stir();
    const isNew = !this.#peer.settled;
    const taken = this.#answer(bytes, length);
    if (taken < length) this.#rest = Buffer.from(bytes.subarray(taken, length));
    // Who says hello is one at a time, as connections are accepted: there is nobody to wait for.
    const isFirst = isNew || this.#rounds.isAlone(this);
    if (isFirst || this.#isBusy() || this.#ended) this.#finish();
    else if (!this.#isSending) {
      this.#isSending = true;
      this.#rounds.send(this);
    }
  }

  sendAnswers(): void {
    this.#isSending = false;
    this.#finish();
  }

  /** Goes on with what waits. */
  turn(): void {
    const peer = this.#peer;
    if (peer.socket.destroyed || peer.waiting || peer.cut) return;
    if (peer.stream) this.#stream();
    const rest = this.#rest;
    if (rest && !peer.stream && !peer.closing) {
      this.#rest = undefined;
      const taken = this.#answer(rest, rest.length);
      if (taken < rest.length) this.#rest = rest.subarray(taken);
    }
    this.#finish();
  }

  /** Gives the bytes taken: all of them, unless the rest is to wait. */
  #answer(bytes: Buffer, length: number): number {
    const peer = this.#peer;
    let taken: number;
    const now = performance.now();
    this.#turnEnds = now + TURN_MS;
    this.#taken = 0;
    try {
      taken = peer.splitter.push(bytes, this, length);
    } catch (error) {
      this.#events.failed(peer, error);
      return length;
    }
    // Whole messages count: a client that sends one byte a second is no client.
    if (this.#taken > 0) peer.activeAt = now;
    if (!peer.settled && peer.client !== undefined) {
      peer.settled = true;
      this.#events.greeted(peer);
    }
    if (peer.stream) this.#stream();
    return peer.closing || peer.cut ? length : taken;
  }

  #stream(): void {
    const peer = this.#peer;
    try {
      if (!peer.stream!.next(peer)) peer.stream = undefined;
    } catch (error) {
      this.#events.failed(peer, error);
    }
  }

  frame(type: number, bytes: Buffer, start: number, end: number): void {
    this.#taken++;
    const { responder } = this.#peer;
    if (responder.faults.calls !== undefined) this.#peer.line.frame(type, bytes, start, end);
    else responder.frame(this.#peer, type, bytes, start, end);
  }

  legacy(kind: number, bytes: Buffer, start: number): void {
    this.#taken++;
    const { responder } = this.#peer;
    if (responder.faults.calls !== undefined) this.#peer.line.legacy(kind, bytes, start);
    else responder.legacy(this.#peer, kind, bytes, start);
  }

  fault(): void {
    messages.legacyError.write(this.#peer.out, { code: '-60' });
    this.#peer.close();
  }

  full(): boolean {
    const { stream, waiting, closing, cut, out } = this.#peer;
    if (stream !== undefined || waiting || closing || cut) return true;
    if (out.length >= limits.answerBytesMax) return true;
    return this.#taken % MESSAGES_PER_LOOK === 0 && performance.now() > this.#turnEnds;
  }

  /** Sends what was collected; arranges for what is left, or reads on. */
  #finish(): void {
    const peer = this.#peer;
    const { socket } = peer;
    peer.flush();
    if (this.#isBusy()) {
      if (!socket.isPaused()) socket.pause();
      // Else 'drain' comes and goes on, or the answer that is waited for.
      if (!socket.writableNeedDrain && !peer.waiting) this.#rounds.add(this);
    } else if (this.#ended) {
      if (!peer.closing) peer.close();
    } else if (peer.stalledSince === undefined) {
      if (socket.isPaused()) socket.resume();
    } else if (socket.writableLength > limits.answerBytesMax) {
      socket.pause();
    }
  }

  /** The client has taken what waited for it. */
  #drained(): void {
    const peer = this.#peer;
    if (peer.closing) return;
    peer.stalledSince = undefined;
    peer.activeAt = performance.now();
    // Not at once: 'drain' comes before anybody else has been served.
    if (this.#isBusy()) this.#rounds.add(this);
    else if (peer.socket.isPaused()) peer.socket.resume();
  }

  #end(): void {
    this.#ended = true;
    if (!this.#isBusy()) this.#finish();
  }

  /** The answer that was waited for is in the outbox, unless `failed` says why not. */
  #answered(failed: unknown): void {
    const peer = this.#peer;
    if (peer.socket.destroyed) return;
    if (failed !== undefined) return this.#events.failed(peer, failed);
    this.#finish();
    if (this.#isBusy()) this.#rounds.add(this);
  }

  /** Something that came is not answered yet. */
  #isBusy(): boolean {
    const { stream, waiting } = this.#peer;
    return this.#rest !== undefined || stream !== undefined || waiting;
  }
}
