import { expect, test } from 'vitest';
import { TriadMember } from '../../../src/domain/triad/member.ts';
import { triadTiming } from '../../../src/domain/triad/timing.ts';
import type { TriadWord } from '../../../src/domain/triad/word.ts';

const OWN_BOOT = 7;
const LATE_BOOT = 4;
const PRESENT_BOOT = 5;

/** The tertiary, which both others reach. */
function makeTertiary(): TriadMember {
  const timing = triadTiming(1);
  const order = [0, 1, 2];
  const member = new TriadMember(
    { self: 2, order, primaryIsMaster: false, timing, boot: OWN_BOOT },
    0,
  );
  member.connected(0, 0);
  member.connected(1, 0);
  // Nobody counts on a vote of an earlier life of its own.
  member.receive(word({ from: 1, boot: 9, number: 1 }), 1);
  return member;
}

function word(fields: Partial<TriadWord> & Pick<TriadWord, 'from' | 'boot' | 'number'>): TriadWord {
  const plain = { toBoot: OWN_BOOT, hears: true, stands: false, asks: false };
  return { ...plain, answers: 0, master: undefined, ...fields };
}

/** The numbers of asks that it answers with its vote, by member. */
function votes(member: TriadMember): readonly (readonly [number, number])[] {
  return member.take().flatMap((effect) => {
    if (effect.kind !== 'send' || effect.word.answers === 0) return [];
    return [[effect.to, effect.word.answers] as const];
  });
}

test('a word of an earlier life that comes late does not hide the present one', () => {
  const member = makeTertiary();
  member.receive(word({ from: 0, boot: PRESENT_BOOT, number: 1 }), 10);
  member.receive(word({ from: 0, boot: LATE_BOOT, number: 9 }), 20);
  member.receive(word({ from: 0, boot: PRESENT_BOOT, number: 2, master: 0 }), 30);
  expect([member.bootOf(0), member.master]).toEqual([PRESENT_BOOT, 0]);
});

test.each([
  ['while its line stands', false],
  ['when its line has just been reset', true],
])('nor does it free the vote given to the present one, %s', (_, isReset) => {
  const member = makeTertiary();
  const asking = { from: 0, boot: PRESENT_BOOT, stands: true, asks: true } as const;
  member.receive(word({ ...asking, number: 1 }), 10);
  expect(votes(member)).toEqual([[0, 1]]);
  if (isReset) member.closed(0, 15);
  member.receive(word({ from: 0, boot: LATE_BOOT, number: 9 }), 20);
  member.receive(word({ from: 1, boot: 9, number: 2, stands: true, asks: true }), 30);
  expect(votes(member).filter(([to]) => to === 1)).toEqual([]);
});
