import { z } from 'zod';
import { KnownError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import type { ScenarioServer, Stand } from '../stand.ts';
import { done, type Scene, StepRefused, serverOf, step } from '../step-row.ts';
import { client, faultOrder, featureName, name } from '../words.ts';

const lives = z
  .strictObject({ server: name.optional(), daemon: name.optional() })
  .describe('a server by its name, or a vendor daemon of a server');

export const kill = step({
  summary: 'ends a client, a vendor daemon or a server as kill -9 does',
  example: `
- checkout: { feature: solve, user: ann@ws1 }
- kill: { client: ann@ws1 }
- kill: { daemon: acmed }
- kill: { server: main }
`,
  words: z
    .strictObject({
      client: client.optional(),
      feature: featureName.optional(),
      ...lives.shape,
    })
    .superRefine(({ client: who, feature, server, daemon }, context) => {
      const tell = (key: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [key], message });
      if (who !== undefined && daemon !== undefined) {
        tell('daemon', 'expected a client or a daemon, got both');
      } else if (who !== undefined && server !== undefined) {
        tell('server', 'expected a client or a server, got both');
      }
      if (who === undefined && feature !== undefined) {
        tell('feature', 'expected the client that holds it beside it, got none');
      }
    }),
  needs: ({ client: who }) => (who === undefined ? ['lives'] : []),
  async run({ client: who, feature, server, daemon }, { stand }) {
    if (who !== undefined) {
      const ended = stand.killClient({
        client: who,
        ...(feature === undefined ? {} : { feature }),
      });
      if (ended === 0) throw new StepRefused(`${who} to be there`, 'nobody of that name');
      return done('ended');
    }
    const chosen = runningOf(stand, server);
    if (daemon !== undefined) await chosen.killDaemon(daemon);
    else await chosen.kill();
    return done('ended');
  },
  show: ({ client: who, server, daemon }) =>
    `kill ${who ?? (daemon === undefined ? (server ?? 'the server') : daemon)}`,
});

/** A step that ends what has ended, or starts what runs, is a mistake of the scenario. */
function runningOf(stand: Stand, name: string | undefined): ScenarioServer {
  const chosen = serverOf(stand, name);
  if (chosen.up) return chosen;
  throw new StepRefused(`server ${chosen.name} to be up`, 'one that is down');
}

const nameOrNothing = z.strictObject({ server: name.optional() });

export const stop = step({
  summary: 'stops a server in good order',
  example: '- stop: { server: main }',
  words: nameOrNothing,
  needs: () => ['lives'],
  async run({ server }, { stand }) {
    await runningOf(stand, server).stop();
    return done('down');
  },
  show: ({ server = 'the server' }) => `stop ${server}`,
});

/** Other files in the place of a server's. */
const fileWords = {
  license: z.string().optional().describe('a license file, or its text'),
  options: z
    .record(z.string(), z.string())
    .optional()
    .describe('options files, or their texts, by vendor daemon'),
};

/** Their texts. */
function textsOf(
  { license, options = {} }: z.infer<z.ZodObject<typeof fileWords>>,
  text: Scene['text'],
): { readonly license?: string; readonly options: Readonly<Record<string, string>> } {
  const entries = Object.entries(options).map(([vendor, file]) => [vendor, text(file)]);
  return {
    ...(license === undefined ? {} : { license: text(license) }),
    options: Object.fromEntries(entries),
  };
}

export const start = step({
  summary: 'starts a server that is down, on its port, perhaps with other files',
  example: `
- stop: { server: main }
- start: { server: main }
- stop: {}
- start: { missing: true }
  expect: { refused: { exit: 2, contains: expected a readable file } }
`,
  words: z.strictObject({
    server: name.optional(),
    ...fileWords,
    missing: z.boolean().optional().describe('its license file is not there'),
    mode: z
      .string()
      .regex(/^0?[0-7]{3}$/, { error: 'expected permissions such as "0644"' })
      .optional()
      .describe('permissions of its license file, as chmod takes them'),
    taken: z.boolean().optional().describe('somebody else listens on its port'),
  }),
  yields: 'start',
  needs: ({ mode }) => (mode === undefined ? ['lives'] : ['lives', 'permissions']),
  async run({ server, missing, mode, taken, ...files }, { stand, text }) {
    const texts = textsOf(files, text);
    const chosen = serverOf(stand, server);
    if (chosen.up) throw new StepRefused(`server ${chosen.name} to be down`, 'one that runs');
    try {
      await chosen.start({
        ...texts,
        ...(missing === undefined ? {} : { missing }),
        ...(mode === undefined ? {} : { mode }),
        ...(taken === undefined ? {} : { taken }),
      });
      return { kind: 'start' };
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      const { exit, code, message } = error;
      return { kind: 'start', refused: { exit, code, message } };
    }
  },
  show: ({ server = 'the server' }) => `start ${server}`,
});

export const reread = step({
  summary: 'has a server read its files again, others in their place if given, as lmreread does',
  example: `
- reread: {}
- at: 18:00
  reread:
    options: { acmed: 'EXCLUDE solve USER ann' }
`,
  words: z.strictObject({ server: name.optional(), ...fileWords }),
  needs: () => ['files'],
  async run({ server, ...files }, { stand, text }) {
    await serverOf(stand, server).reread(textsOf(files, text));
    return done('read');
  },
  show({ license, options }) {
    const changed = [
      ...(license === undefined ? [] : ['a changed license file']),
      ...Object.keys(options ?? {}).map((vendor) => `changed options of ${vendor}`),
    ];
    return `reread${changed.length === 0 ? '' : ` with ${changed.join(' and ')}`}`;
  },
});

const groups = z
  .string()
  .regex(/\|/, { error: 'expected groups of members such as one|two,three' })
  .describe('the members of a triad that still reach each other, with | between the groups');

export const partition = step({
  summary: 'cuts the links between members of a triad, for clients nothing changes',
  example: '- partition: one|two,three',
  words: groups,
  needs: () => ['lives'],
  async run(words, { stand }) {
    await partitionAll(stand, words);
    return done('apart');
  },
  show: (words) => `partition ${words}`,
});

export const heal = step({
  summary: 'links between the members of a triad pass everything again',
  example: `
- partition: one|two,three
- heal: {}
`,
  words: z.strictObject({}),
  needs: () => ['lives'],
  async run(_, { stand }) {
    if (stand.servers.every((server) => server.groups === undefined)) {
      throw new StepRefused('a partition in force', 'none');
    }
    await partitionAll(stand, undefined);
    return done('together');
  },
  show: () => 'heal',
});

async function partitionAll(stand: Scene['stand'], words: string | undefined): Promise<void> {
  const members = stand.servers.filter(({ triad }) => triad !== undefined);
  if (members.length === 0) throw new StepRefused('a triad', 'none');
  for (const member of members) await member.partition?.(words);
}

/** Every fault in force. */
const ALL = 'all';

export const fault = step({
  summary: 'puts a fault in force, or takes it back by its name or id, or all',
  example: `
- fault: slow latency=200ms
- fault: crash vendor=acmed after=5s id=mishap
- fault: { off: slow }
- fault: { off: all }
`,
  words: z.union([
    ...faultOrder.options,
    z.strictObject({
      off: name.describe('the name or id of a fault in force, or all'),
      server: name.optional(),
    }),
  ]),
  needs: () => ['lives'],
  async run(words, { stand }) {
    const { server, ...order } =
      typeof words === 'string' ? { on: words, server: undefined } : words;
    const chosen = serverOf(stand, server);
    if ('on' in order) await chosen.arm(order.on);
    else await takeBack(order.off, chosen);
    return done('on' in order ? 'in force' : 'off');
  },
  show: (words) =>
    typeof words === 'string'
      ? `fault ${words}`
      : `fault ${'on' in words ? words.on : offText(words.off)}`,
});

function offText(which: string): string {
  return which === ALL ? 'off' : `${which} off`;
}

/** A fault is called by its id, or by what kind it is. What is not in force cannot be taken back. */
async function takeBack(which: string, server: ScenarioServer): Promise<void> {
  const inForce = await server.faults();
  const meant = inForce.filter(({ id, fault: kind }) => [ALL, id, kind].includes(which));
  if (meant.length === 0) {
    const names = inForce.map(({ id, fault: kind }) => (/^f\d+$/.test(id) ? kind : id));
    const what = which === ALL ? 'a fault' : `the fault ${which}`;
    const known = names.length === 0 ? 'none' : `${names.join(', ')}${didYouMean(which, names)}`;
    throw new StepRefused(`${what} in force at ${server.name}`, known);
  }
  for (const { id } of meant) await server.disarm(id);
}
