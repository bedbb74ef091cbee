import { z } from 'zod';
import { commandManager } from '../client/administration.ts';
import { askExplanations, type Explained } from '../client/explanations.ts';
import { parseLicensePath } from '../client/license-path.ts';
import { isRefused } from '../client/refused.ts';
import { removeFrom } from '../client/removal.ts';
import { checkoutFields, clientFields, refusalOf, refusalSchema } from './checkout-schemas.ts';
import { administer, ownAddress, ownContext } from './own-server.ts';
import { removeHeld } from './removal.ts';
import { type Route, route } from './route.ts';

const done = z.strictObject({ done: z.literal(true) });

const removal = z.union([
  z.strictObject({
    feature: z.string(),
    handle: z.int().min(0).describe('as lmstat and /users show it'),
  }),
  z.strictObject({
    feature: z.string(),
    user: z.string(),
    host: z.string(),
    display: z.string().optional(),
  }),
]);

const explained = z.strictObject({
  server: z.string(),
  vendor: z.string().nullable(),
  explanation: z.looseObject({}).nullable().describe('as fauxlm explain --json has it'),
  refusal: refusalSchema.nullable().describe('why there is no explanation'),
});

function explainedOf({ where, vendor, said }: Explained): z.infer<typeof explained> {
  const place = { server: where, vendor: vendor ?? null };
  if (isRefused(said)) return { ...place, explanation: null, refusal: refusalOf(said.refusal) };
  return { ...place, explanation: { ...said }, refusal: null };
}

/** What administrators do by lmutil, and why a checkout would be refused. */
export const adminRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/remove',
    summary: 'takes a license back from who holds it, as lmremove does',
    body: removal,
    answer: done,
    run: async (server, body) => {
      if ('handle' in body) await removeHeld(server, body);
      else {
        const { feature, user, host, display = '' } = body;
        const words = { feature, user, host, display };
        await administer(server, (manager, context) =>
          removeFrom(manager, { verb: 'removeClient', words }, context),
        );
      }
      return { done: true };
    },
  }),
  route({
    method: 'POST',
    path: '/down',
    summary: 'shuts the server or one vendor daemon down, as lmdown does',
    role: 'admin',
    body: z.strictObject({
      vendor: z.string().optional().describe('the whole server unless told'),
      force: z.boolean().optional().describe('also while licenses are borrowed'),
    }),
    answer: done,
    run: async (server, { vendor, force = false }) => {
      await administer(server, async (manager, context) => {
        const words = { vendor, force: force ? '1' : undefined };
        return (await commandManager(manager, 'down', words, context))?.refusal;
      });
      return { done: true };
    },
  }),
  route({
    method: 'POST',
    path: '/explain',
    summary: 'why a checkout would be granted or refused, rule by rule; nothing is checked out',
    role: 'viewer',
    body: z.strictObject({
      ...checkoutFields,
      as: z
        .strictObject({
          ...clientFields,
          project: z.string().optional(),
          platform: z.string().optional(),
          address: z.string().optional(),
          hostid: z.string().optional(),
        })
        .optional()
        .describe('who would ask'),
    }),
    answer: z.strictObject({ answers: z.array(explained) }),
    run: async (server, { feature, version = '0.0', count = 1, vendor, as = {} }) => {
      const given = Object.entries(as).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value]],
      );
      const asked = { feature, version, count, data: '', as: Object.fromEntries(given) };
      const where = { origin: 'control plane', platform: process.platform };
      const path = parseLicensePath(ownAddress(server), where);
      const request = vendor === undefined ? asked : { ...asked, vendor };
      const answers = await askExplanations(request, path, ownContext(server));
      return { answers: answers.map(explainedOf) };
    },
  }),
];
