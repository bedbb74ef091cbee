import { z } from 'zod';
import type { JournalEvent } from '../../daemon/journal.ts';
import { eventText } from '../event-text.ts';
import { expectation, type Miss, type View } from '../expectation-row.ts';
import { nearestLines } from '../nearest-lines.ts';
import type { StandEvent } from '../stand.ts';
import { serverOf } from '../step-row.ts';
import {
  type Amount,
  amount,
  amountText,
  client,
  fileName,
  isAmount,
  listOf,
  patterns,
  texts,
} from '../words.ts';
import { containsMiss, lacksMiss, matchesMiss } from './outputs.ts';

const eventKinds = [
  'seatTaken',
  'seatReturned',
  'seatKept',
  'borrowConfirmed',
  'borrowLost',
  'checkoutQueued',
  'checkoutDequeued',
  'sessionQuieted',
  'checkoutDenied',
  'featureUnsupported',
  'poolCapacityChanged',
  'checkinRefused',
] as const satisfies readonly JournalEvent['kind'][];

const eventWords = {
  event: z.enum(eventKinds),
  feature: z.string().optional(),
  user: client.optional(),
  reason: z.string().optional().describe('why: checkin, disconnected, removed, granted ...'),
  code: z.int().optional().describe('of a refusal, such as -4'),
  vendor: z.string().optional(),
  server: z.string().optional(),
};

const eventForm = z.strictObject(eventWords);
type EventForm = z.infer<typeof eventForm>;

const eventually = z
  .literal(true)
  .optional()
  .describe('by the end of the scenario at the latest, or of `within`');

const counted = z
  .strictObject({
    ...eventWords,
    times: amount.optional().describe('how often; at least once unless given'),
    never: z.literal(true).optional().describe('it did not happen'),
    eventually,
  })
  .superRefine(({ never, times, eventually: later }, context) => {
    if (never === undefined) return;
    const other = times === undefined ? (later === undefined ? undefined : 'eventually') : 'times';
    if (other === undefined) return;
    const message = `expected never alone (as one of \`invariants\` it holds to the end), got ${other}, too`;
    context.addIssue({ code: 'custom', message, path: ['never'] });
  });

const query = z.union([
  counted,
  z.strictObject({
    order: z.array(eventForm).min(2).describe('one after another, others between'),
    eventually,
  }),
]);

type Query = z.infer<typeof query>;

function isMeant(form: EventForm, { server, vendor, event }: StandEvent): boolean {
  const held = event as Readonly<Record<string, unknown>> & {
    readonly client?: { readonly user: string; readonly host: string };
    readonly refusal?: { readonly major: number };
  };
  const who = held.client === undefined ? undefined : `${held.client.user}@${held.client.host}`;
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [form.event, event.kind],
    [form.feature, held['feature']],
    [form.user, who],
    [form.reason, held['reason']],
    [form.code, held.refusal?.major],
    [form.vendor, vendor],
    [form.server, server],
  ];
  return pairs.every(([wanted, got]) => wanted === undefined || wanted === got);
}

function formText(form: EventForm): string {
  const { event, ...rest } = form;
  const words = Object.entries(rest).filter(([name]) => name in eventWords);
  return [event, ...words.map(([name, value]) => `${name}=${String(value)}`)].join(' ');
}

/** The latest events of the kind, or of any kind. */
const NEAR_MAX = 5;

function near(events: readonly StandEvent[], form: EventForm): readonly string[] {
  const alike = events.filter(({ event }) => event.kind === form.event);
  const chosen = alike.length > 0 ? alike : events;
  return chosen.slice(-NEAR_MAX).flatMap(({ event }) => eventText(event) ?? []);
}

function queryMiss(wanted: Query, events: readonly StandEvent[]): Miss | undefined {
  if ('order' in wanted) return orderMiss(wanted.order, events);
  const { times, never } = wanted;
  const number: Amount = never ? 0 : (times ?? { atLeast: 1 });
  const got = events.filter((each) => isMeant(wanted, each)).length;
  if (isAmount(got, number)) return undefined;
  const often = never ? 'never' : `${amountText(number)} times`;
  return {
    expected: `${formText(wanted)} ${often}`,
    got: `${got} times`,
    near: near(events, wanted),
  };
}

function orderMiss(forms: readonly EventForm[], events: readonly StandEvent[]): Miss | undefined {
  let at = 0;
  for (const [index, form] of forms.entries()) {
    const found = events.findIndex((each, place) => place >= at && isMeant(form, each));
    if (found < 0) {
      const before = index === 0 ? '' : ` after ${formText(forms[index - 1]!)}`;
      return {
        expected: `${formText(form)}${before}`,
        got: 'none',
        near: near(events.slice(at), form),
      };
    }
    at = found + 1;
  }
  return undefined;
}

export const journal = expectation({
  summary: 'what happened to licenses so far: how often, never, in which order; or will by the end',
  example: `
- checkout: { feature: solve, user: ann@ws1 }
- checkin: ann@ws1
- expect:
    journal:
      - { event: seatTaken, feature: solve, times: 1 }
      - { event: checkoutDenied, user: ann@ws1, never: true }
      - order: [{ event: seatTaken }, { event: seatReturned, reason: checkin }]
      - { event: seatTaken, user: ben@ws2, eventually: true }
- advance: 1h
- checkout: { feature: solve, user: ben@ws2 }
`,
  of: 'state',
  needs: 'records',
  words: z.union([query, z.array(query).min(1)]),
  check(words, { stand }) {
    const all = listOf<Query>(words);
    const missed = (queries: readonly Query[]): Miss | undefined =>
      queries.map((each) => queryMiss(each, stand.events)).find((miss) => miss !== undefined);
    const open = all.filter((each) => each.eventually);
    const later = (): Miss | undefined => missed(open);
    const miss = missed(all.filter((each) => !each.eventually));
    if (miss !== undefined) return miss;
    const rest = later();
    return rest === undefined ? undefined : { ...rest, later };
  },
});

const tallied = {
  granted: 'seatTaken',
  denied: 'checkoutDenied',
  queued: 'checkoutQueued',
  returned: 'seatReturned',
} as const satisfies Record<string, JournalEvent['kind']>;

type Tally = keyof typeof tallied;

export const counts = expectation({
  summary: 'how often features were granted, denied, queued and returned so far',
  example: `
- checkout: { feature: solve, users: 3 }
  expect: { granted: 2, counts: { solve: { granted: 2, denied: { atMost: 1 } } } }
`,
  of: 'state',
  needs: 'records',
  words: z.record(
    z.string(),
    z.strictObject({
      granted: amount.optional(),
      denied: amount.optional(),
      queued: amount.optional(),
      returned: amount.optional(),
    }),
  ),
  check(words, { stand }) {
    for (const [feature, wanted] of Object.entries(words)) {
      for (const [name, number] of Object.entries(wanted)) {
        if (number === undefined) continue;
        const form = { event: tallied[name as Tally], feature };
        const got = stand.events.filter((each) => isMeant(form, each)).length;
        if (isAmount(got, number)) continue;
        return { expected: `${feature} ${name} ${amountText(number)} times`, got: `${got} times` };
      }
    }
    return undefined;
  },
});

export const log = expectation({
  summary: "what a server's debug log says so far, or another log in its folder",
  example: `
- checkout: { feature: solve, user: ann@ws1 }
  expect: { log: { contains: 'OUT: "solve" ann@ws1', lacks: DENIED } }
- reread: { options: { acmed: DEBUGLOG +acmed.log } }
- checkin: ann@ws1
  expect: { log: { file: acmed.log, contains: 'IN: "solve" ann@ws1' } }
`,
  of: 'state',
  needs: 'log',
  words: z.strictObject({
    server: z.string().optional(),
    file: fileName.optional().describe('a log that DEBUGLOG, REPORTLOG or a tool names'),
    contains: texts.optional(),
    lacks: texts.optional(),
    matches: patterns.optional(),
  }),
  async check({ server, file, contains, lacks, matches }, view: View) {
    const said = await serverOf(view.stand, server).log(file);
    const what = file ?? 'a debug log';
    if (said === undefined) return { expected: `a log ${what}`, got: 'none' };
    const text = view.stand.normalized(said);
    const miss =
      containsMiss(text, listOf(contains)) ??
      lacksMiss(text, listOf(lacks)) ??
      matchesMiss(text, listOf(matches));
    if (miss === undefined) return undefined;
    const [wanted = ''] = [...listOf(contains), ...listOf(matches)];
    return {
      expected: miss.expected.replace(/^output/, what),
      got: miss.got.startsWith('the output') ? 'none' : miss.got,
      near: miss.near ?? nearestLines(wanted, text),
    };
  },
});
