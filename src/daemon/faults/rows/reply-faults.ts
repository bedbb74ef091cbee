import { takes } from '../common-words.ts';
import { distributions, drawLatency } from '../latency.ts';
import { row } from '../row.ts';
import { bytes, choice, count, difference, duration } from '../words.ts';

/** Faults of the bytes of replies. */
export const replyFaults = {
  slow: row({
    summary: 'replies come late, or trickle',
    sees: 'the time; -52 past the time-out of the client',
    example: 'slow latency=200ms jitter=50ms distribution=normal rate=10k',
    words: {
      latency: duration('how long a reply is on its way [0s]'),
      jitter: duration('by how much that differs [0s]'),
      distribution: choice(
        'how it differs: evenly up and down; by a standard deviation; upwards only [uniform]',
        distributions,
      ),
      rate: bytes('bytes a second [no bound]'),
    },
    takes: takes.calls,
    notices: true,
    reply({ latency = 0, jitter = 0, distribution = 'uniform', rate }, rng) {
      const latencyMs = drawLatency({ ms: latency, jitterMs: jitter, distribution }, rng);
      return {
        kind: 'slow',
        latencyMs,
        ...(rate === undefined ? {} : { bytesPerSecond: rate }),
      };
    },
  }),
  slice: row({
    summary: 'replies come in small pieces',
    sees: 'nothing, if the client puts them together',
    example: 'slice bytes=1 every=5ms',
    words: {
      bytes: count('bytes of a piece [1]'),
      every: duration('time between two pieces [0s]'),
    },
    takes: takes.calls,
    notices: true,
    reply: ({ bytes: size = 1, every = 0 }) => ({ kind: 'slice', bytes: size, everyMs: every }),
  }),
  truncate: row({
    summary: 'a reply breaks off in its middle, and the connection ends',
    sees: '-16, the connection ended so many bytes into a message',
    example: 'truncate bytes=10 on=checkout',
    words: { bytes: count('bytes that come [half of it]') },
    takes: takes.calls,
    reply: ({ bytes: size }) => ({
      kind: 'truncate',
      ...(size === undefined ? {} : { bytes: size }),
    }),
  }),
  garble: row({
    summary: 'one bit of a reply is wrong, so that its checksum is',
    sees: '-12, bad data came back, with the checksum as the reason',
    example: 'garble on=hello nth=2',
    words: {},
    takes: takes.calls,
    reply: (_values, rng) => ({ kind: 'garble', dice: rng.u32() }),
  }),
  length: row({
    summary: 'a reply says that it is longer or shorter than it is',
    sees: 'longer: -52, the rest never comes; shorter: -12',
    example: 'length by=-4 on=checkout',
    words: { by: difference('by how many bytes [4]') },
    takes: takes.calls,
    reply: ({ by = 4 }) => ({ kind: 'length', by }),
  }),
  lost: row({
    summary: 'what was asked is done, and its reply is lost',
    sees: '-52 after the time-out of the client; the seat is out',
    example: 'lost on=checkout feature=solve first=1',
    words: {},
    takes: takes.calls,
    reply: () => ({ kind: 'lose' }),
  }),
  duplicated: row({
    summary: 'a reply comes twice',
    sees: 'nothing, if the client matches replies with what it asked',
    example: 'duplicated on=checkout,checkin',
    words: { times: count('how often it comes [2]') },
    takes: takes.calls,
    reply: ({ times = 2 }) => ({ kind: 'repeat', times: Math.min(times, 100) }),
  }),
} as const;
