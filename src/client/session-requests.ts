import type { MessageValue } from '../wire/message.ts';
import type { messages } from '../wire/messages/index.ts';
import type { QueuePlace } from './pending-answers.ts';

/** `block`: wait until the seats are there; `return`: the same, for an application that goes on meanwhile. */
export type QueueMode = 'block' | 'return';

/** What a checkout does when seats are out. */
export interface QueueWish {
  readonly mode: QueueMode;
  /** Told when the request waits. */
  readonly queued: (place: QueuePlace) => void;
}

/** Flags of a checkout message. */
export const queueFlags = { block: 1, return: 2 } as const;

export type RequestKind =
  | 'identify'
  | 'checkout'
  | 'checkin'
  | 'heartbeat'
  | 'leaveQueue'
  | 'borrow'
  | 'returnBorrow';
export type RequestValue<K extends RequestKind> = MessageValue<(typeof messages)[K]>;
export type RequestFields<K extends RequestKind> = Omit<RequestValue<K>, 'ownVersion' | 'tag'>;
