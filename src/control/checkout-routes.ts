import { z } from 'zod';
import type { ClientRefusal } from '../client/client-answers.ts';
import {
  checkoutFields,
  checkoutState,
  clientFields,
  refusalOf,
  refusalSchema,
} from './checkout-schemas.ts';
import { type Route, route } from './route.ts';

const refusedAnswer = z.strictObject({ granted: z.literal(false), refusal: refusalSchema });

function no({ refusal, text }: ClientRefusal): z.infer<typeof refusedAnswer> {
  return { granted: false, refusal: refusalOf(refusal, text) };
}

const returned = z.strictObject({
  returned: z.boolean(),
  refusal: refusalSchema.nullable().describe('why not'),
});

function returnedOf(refusal: ClientRefusal | undefined): z.infer<typeof returned> {
  if (refusal === undefined) return { returned: true, refusal: null };
  return { returned: false, refusal: refusalOf(refusal.refusal, refusal.text) };
}

/** For license clients in any language. */
export const checkoutRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/checkouts',
    summary: 'licenses that clients of the control plane hold or wait for',
    answer: z.strictObject({ checkouts: z.array(checkoutState) }),
    scoped: true,
    run: (_server, _input, { held }, session) => ({ checkouts: held.states(session) }),
  },
  route({
    method: 'POST',
    path: '/checkout',
    summary: 'checks licenses out and holds them until /checkin; a refusal is an answer, too',
    body: z.strictObject({
      ...checkoutFields,
      ...clientFields,
      whenInUse: z.enum(['queue']).optional().describe('wait for them: see /checkouts'),
    }),
    answer: z.union([
      z.strictObject({ granted: z.literal(true), checkout: checkoutState }),
      z.strictObject({
        granted: z.literal(false),
        checkout: checkoutState,
        refusal: refusalSchema,
      }),
      refusedAnswer,
    ]),
    scoped: true,
    run: async (_server, body, { held }, session) => {
      const answer = await held.checkout(body, session);
      if ('ok' in answer) return no(answer);
      if (answer.state === 'held') return { granted: true, checkout: answer };
      return { granted: false, checkout: answer, refusal: answer.refusal };
    },
  }),
  route({
    method: 'POST',
    path: '/checkin',
    summary: 'gives back what /checkout has given, or waits no longer',
    body: z.strictObject({ id: z.string().describe('of /checkout') }),
    answer: returned,
    scoped: true,
    run: async (_server, { id }, { held }, session) => returnedOf(await held.checkin(id, session)),
  }),
  route({
    method: 'POST',
    path: '/borrow',
    summary: 'takes licenses along until a time: nobody needs to hold them',
    body: z.strictObject({
      ...checkoutFields,
      ...clientFields,
      until: z.string().describe('20h, 3d, or 9-mar-2031:18:30 on the clock of the server'),
    }),
    answer: z.union([
      z.strictObject({
        granted: z.literal(true),
        vendor: z.string(),
        handle: z.int(),
        until: z.iso.datetime(),
      }),
      refusedAnswer,
    ]),
    run: async (_server, { feature, count = 1, version = '0.0', until, ...who }, { held }) => {
      const client = await held.connect({ feature, ...who });
      try {
        const answer = await client.borrow(feature, { count, version, until });
        if (!answer.ok) return no(answer);
        const { vendor, handle } = answer;
        return { granted: true, vendor, handle, until: new Date(answer.until).toISOString() };
      } finally {
        client.close();
      }
    },
  }),
  route({
    method: 'POST',
    path: '/borrow/return',
    summary: 'gives borrowed licenses back before their time, where the vendor allows that',
    body: z.strictObject({
      feature: checkoutFields.feature,
      vendor: checkoutFields.vendor,
      ...clientFields,
    }),
    answer: returned,
    run: async (_server, body, { held }) => {
      const client = await held.connect(body);
      try {
        return returnedOf(await client.returnBorrow(body.feature));
      } finally {
        client.close();
      }
    },
  }),
];
