import { list16, record, text16, u8, u32 } from '../fields.ts';
import { frameMessage } from '../message.ts';
import { head } from './own.ts';

/**
 * What the license managers of a triad say to each other. Each keeps a line of its own to each of the others, on
 * which it speaks and the other listens. Source: docs/protocol.md, "Between the members of a triad".
 */

/** Who calls, in which of its lives, and what its SERVER lines are. Answered by `accepted` or `failure`. */
export const triadHello = frameMessage({
  kind: 'triadHello',
  typeCode: 0x7f40,
  direction: 'member to member',
  layout: {
    ...head,
    /** Of its own SERVER line. */
    host: text16,
    port: u32,
    boot: u32,
    servers: list16(record({ host: text16, port: u32 })),
  },
});

/** Bits of `flags`. */
export const wordFlags = { hears: 1, stands: 2, asks: 4 } as const;
/** `master`, when the sender knows of none. */
export const NO_MASTER = 255;

/** How the sender stands, whole. Not answered: the other's own words are. */
export const triadWord = frameMessage({
  kind: 'triadWord',
  typeCode: 0x7f41,
  direction: 'member to member',
  layout: {
    ...head,
    boot: u32,
    toBoot: u32,
    number: u32,
    flags: u8,
    answers: u32,
    /** Its place among the SERVER lines in alphabetical order. */
    master: u8,
  },
});
