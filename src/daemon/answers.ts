import { type MessageKind, messages } from '../wire/messages/index.ts';
import type { Phase } from '../wire/phases.ts';
import type { Peer } from './peer.ts';

/** What answers a message, under the message's name. */
export interface AnswerRow<Answer> {
  readonly kind: MessageKind;
  readonly answer: Answer;
}

/** Files answers, given by message name, under the type codes that come over the wire. */
export function answersByType<Answer>(
  answers: Readonly<Partial<Record<MessageKind, Answer>>>,
): ReadonlyMap<number, AnswerRow<Answer>> {
  const kinds = Object.keys(answers) as MessageKind[];
  return new Map(kinds.map((kind) => [messages[kind].typeCode, { kind, answer: answers[kind]! }]));
}

/** How far a connection has come: its hello makes it greeted. */
export function phaseOf(peer: Peer): Phase {
  return peer.client === undefined ? 'fresh' : 'greeted';
}
