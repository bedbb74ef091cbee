import { takes } from '../common-words.ts';
import { row } from '../row.ts';
import { groups } from '../words.ts';

/** Faults between the members of a triad. */
export const triadFaults = {
  partition: row({
    summary: 'members of a triad do not reach each other; put it in force at each of them',
    sees:
      'nothing for as long as the members take to miss each other; then -97 at the smaller part, and at the ' +
      'larger one until it has a master',
    example: 'partition groups=one|two,three for=5m',
    words: { groups: groups('who still reaches whom: every member once, by host or place') },
    takes: takes.server,
    check: ({ groups: text }, { cutOf }) => void cutOf(text),
    arm: ({ cut, cutOf, count }, { groups: text }) => {
      count();
      return cut(cutOf(text));
    },
  }),
} as const;
