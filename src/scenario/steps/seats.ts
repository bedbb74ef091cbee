import { z } from 'zod';
import { parseDuration } from '../../base/time-words.ts';
import { parseBorrowEnd } from '../../client/borrow-ends.ts';
import { parsedText } from '../../documents/parsed-text.ts';
import { whoIs } from '../client-names.ts';
import type { CheckoutOutcome, Stand, StandCheckout } from '../stand.ts';
import { done, type Scene, StepRefused, step } from '../step-row.ts';
import { client, count, duration, featureName, name, version } from '../words.ts';

const borrowEnd = parsedText((text) => parseBorrowEnd(text, 'borrow'), 'how long, or until when');

const checkoutFields = z.strictObject({
  feature: featureName,
  user: client.optional(),
  users: z
    .union([z.array(client).min(1), count])
    .optional()
    .describe('several, one after another: a list, or how many (user1@host1, user2@host2 ...)'),
  count: count.optional().describe('licenses each asks for'),
  version: version.optional(),
  vendor: name.optional().describe('asks this vendor daemon only'),
  server: name.optional().describe('asks this server only'),
  wait: z.boolean().optional().describe('waits for its turn when all are in use'),
  borrow: borrowEnd.optional().describe('takes them along: 20h, 3d, 9-mar-2031:18:30'),
  display: z.string().optional(),
  project: z.string().optional().describe('LM_PROJECT'),
  data: z.string().optional().describe("the vendor's checkout data"),
  remoteDesktop: z.boolean().optional(),
  node: name.optional().describe('the node or CPU of a parallel build that it is for'),
  patience: duration
    .optional()
    .describe('how long it waits for each answer, on the clock of the machine; 10s unless given'),
});

const checkoutWords = checkoutFields.superRefine(({ user, users }, context) => {
  if (user === undefined || users === undefined) return;
  const message = 'expected user or users, got both';
  context.addIssue({ code: 'custom', path: ['users'], message });
});

type CheckoutWords = z.infer<typeof checkoutWords>;

/** Who asks when nobody is named. */
const SOMEBODY = 'user1@host1';

function clientsOf({ user, users }: CheckoutWords): readonly string[] {
  if (typeof users === 'number') {
    return Array.from({ length: users }, (_, at) => `user${at + 1}@host${at + 1}`);
  }
  return users ?? [user ?? SOMEBODY];
}

function requestOf(words: CheckoutWords, who: string): StandCheckout {
  const { user: _user, users: _users, count: seats = 1, version: v = '0.0', ...rest } = words;
  const { data = '', patience, ...others } = rest;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as { feature: string }),
    ...whoIs(who),
    ...{ count: seats, version: String(v), data },
    ...(patience === undefined ? {} : { patienceMs: parseDuration(patience) }),
  };
}

export const checkout = step({
  summary: 'asks for licenses as an application does; without `expect` they must be granted',
  example: `
- checkout: { feature: solve, user: ann@ws1, version: 2024.1 }
- checkout: { feature: solve, users: 3 }
  expect: { granted: 1, denied: { code: -4, count: 2 } }
`,
  words: checkoutWords,
  yields: 'checkouts',
  async run(words, { stand }) {
    const attempts: CheckoutOutcome[] = [];
    for (const who of clientsOf(words)) {
      attempts.push(await stand.checkout(requestOf(words, who)));
      await stand.settled();
    }
    return { kind: 'checkouts', attempts };
  },
  show(words) {
    const { feature, count: seats = 1, wait, borrow, version: v } = words;
    const clients = clientsOf(words);
    const who = clients.length === 1 ? clients[0] : `${clients.length} users`;
    const many = seats === 1 ? '' : ` ${seats} of`;
    const more = [
      v === undefined ? '' : ` version ${v}`,
      wait ? ', waiting for it' : '',
      borrow === undefined ? '' : `, borrowed for ${borrow}`,
    ];
    return `checkout${many} ${feature}${more[0]} for ${who}${more[1]}${more[2]}`;
  },
  request: (words) => requestOf(words, clientsOf(words).at(-1)!),
});

const holderWords = z.union([
  client,
  z.strictObject({
    user: client.optional(),
    feature: featureName.optional(),
    count: count
      .optional()
      .describe('one checkout of so many licenses, the oldest; all unless given'),
  }),
]);

type HolderWords = z.infer<typeof holderWords>;

function holderOf(words: HolderWords) {
  const {
    user,
    feature,
    count: seats,
  } = typeof words === 'string'
    ? { user: words }
    : { feature: undefined, count: undefined, ...words };
  return {
    ...(user === undefined ? {} : { client: user }),
    ...(feature === undefined ? {} : { feature }),
    ...(seats === undefined ? {} : { count: seats }),
  };
}

function holderText(words: HolderWords): string {
  const { client: who = 'everybody', feature, count: seats } = holderOf(words);
  const what = [seats, feature].filter((word) => word !== undefined).join(' ');
  return what === '' ? who : `${what} of ${who}`;
}

/** A step about what nobody holds is a mistake of the scenario. */
function someOf(held: number, words: HolderWords, stand: Stand): number {
  if (held > 0) return held;
  const there = stand.holdings().map((each) => `${each.feature} of ${each.client}`);
  throw new StepRefused(
    `${holderText(words)} to hold or wait for something`,
    there.length === 0 ? 'nobody who does' : there.join(', '),
  );
}

export const checkin = step({
  summary:
    'gives licenses back, and leaves the queue: all of a user, of one feature, or one checkout',
  example: `
- checkout: { feature: solve, user: ann@ws1 }
- checkout: { feature: mesh, user: ann@ws1 }
- checkout: { feature: mesh, user: ann@ws1, count: 2 }
- checkin: { user: ann@ws1, feature: mesh, count: 2 }
- checkin: { user: ann@ws1, feature: solve }
- checkin: ann@ws1
`,
  words: holderWords,
  async run(words, { stand }) {
    const held = someOf(await stand.checkin(holderOf(words)), words, stand);
    return done(`${held} given back`);
  },
  show: (words) => `checkin of ${holderText(words)}`,
});

async function use(who: string, inUse: boolean, { stand }: Scene) {
  someOf(await stand.use(who, inUse), who, stand);
  return done('told');
}

export const idle = step({
  summary: "says that a user's application is not in use: from here on TIMEOUT runs",
  example: `
- checkout: { feature: solve, user: ann@ws1 }
- idle: ann@ws1
`,
  words: client,
  run: (who, scene) => use(who, false, scene),
  show: (who) => `${who} is idle`,
});

export const active = step({
  summary: "says that a user's application is in use again",
  example: `
- checkout: { feature: solve, user: ann@ws1 }
- idle: ann@ws1
- advance: 30m
- active: ann@ws1
`,
  words: client,
  run: (who, scene) => use(who, true, scene),
  show: (who) => `${who} is active`,
});

const heartbeatWords = z.strictObject({
  stop: client.describe('nothing more is heard of this user, and nothing reaches it'),
});

export const heartbeat = step({
  summary: 'has a client fall silent, as a cut network does: connections stand, nothing passes',
  example: `
- checkout: { feature: solve, user: ann@ws1 }
- heartbeat: { stop: ann@ws1 }
`,
  words: heartbeatWords,
  needs: () => ['lives'],
  async run({ stop }, { stand }) {
    const { user, host } = whoIs(stop);
    let cut = 0;
    for (const server of stand.servers) if (server.up) cut += await server.silence(user, host);
    someOf(cut, stop, stand);
    return done('silent');
  },
  show: ({ stop }) => `${stop} falls silent`,
});
