import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { drawn } from '../domain/workload/distributions.ts';
import { parseDistribution } from '../domain/workload/words.ts';
import { parseBundle, parseRetry } from '../load/flag-workload.ts';
import { isMapping } from '../report/plain.ts';
import type { ArtilleryScript, Emitter, Helpers, UserContext } from './artillery-contract.ts';
import { type Asking, pause, type VirtualUser } from './virtual-user.ts';

/** What one virtual user does, from its flow. */
export type Flow = (user: VirtualUser, context: UserContext) => Promise<void>;

/** Steps of one flow, those of loops included: a script is written by people. */
const STEPS_MAX = 10_000;
/** Rounds of one loop. */
const ROUNDS_MAX = 1_000_000;

/** Reads the words of one kind of step. @throws KnownError USAGE */
type StepReader = (words: unknown, where: string) => Flow;

const readers: Readonly<Record<string, StepReader>> = {
  checkout: (words, where) => {
    const asking = askingOf(words, where);
    return (user) => user.checkout(asking);
  },
  checkin: (words, where) => {
    const feature =
      words === undefined || words === null || words === 'all' ? undefined : textOf(words, where);
    return (user) => user.checkin(feature);
  },
  think: (words, where) => {
    // A bare number is seconds, as everywhere in Artillery.
    const text = /^\d+(\.\d+)?$/.test(String(words))
      ? `${Number(words) * 1000}ms`
      : textOf(words, where);
    const time = parseDistribution(text, where);
    return (user) => pause(drawn(time, user.rng));
  },
  lmstat: (words, where) => {
    const asked = /^(?:-a|-f\s+(\S+))$/.exec(textOf(words, where));
    if (asked === null) throw wrong(where, '-a, or -f and a feature', words);
    return (user) => user.status(asked[1]);
  },
  die: () => async (user) => user.die(),
};

/** Reads flows: `checkout`, `checkin`, `think`, `lmstat`, `die`, `function`, and `loop` with `count`. */
export class FlowReading {
  readonly #script: ArtilleryScript;
  readonly #helpers: Helpers;
  readonly #emitter: Emitter;
  #steps = 0;

  constructor(script: ArtilleryScript, helpers: Helpers, emitter: Emitter) {
    this.#script = script;
    this.#helpers = helpers;
    this.#emitter = emitter;
  }

  /** @throws KnownError USAGE for steps that make no sense, as far as they can be known before a user runs */
  read(flow: unknown, where: string): Flow {
    if (!Array.isArray(flow) || flow.length === 0) throw wrong(where, 'a list of steps', flow);
    const steps = flow.map((each, index) => this.#step(each, `${where}, step ${index + 1}`));
    return async (user, context) => {
      for (const step of steps) await step(user, context);
    };
  }

  #step(step: unknown, where: string): Flow {
    if (++this.#steps > STEPS_MAX) throw wrong(where, `at most ${STEPS_MAX} steps`, 'more');
    const words: unknown = typeof step === 'string' ? { [step]: undefined } : step;
    if (!isMapping(words)) throw wrong(where, `a step (${names.join(', ')})`, step);
    if ('loop' in words) return this.#loop(words, where);
    const [name = '', ...more] = Object.keys(words);
    if (more.length > 0)
      throw wrong(where, 'one word and what it is about', Object.keys(words).join(' and '));
    if (name === 'function') return this.#function(words['function'], where);
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader === undefined) {
      throw wrong(where, `a step (${names.join(', ')})`, name, didYouMean(name, names));
    }
    return this.#templated(reader, words[name], `${where}: ${name}`);
  }

  /** Words with `{{ }}` in them are read for each user anew. */
  #templated(reader: StepReader, words: unknown, where: string): Flow {
    if (!JSON.stringify(words ?? null).includes('{{')) return reader(words, where);
    return (user, context) => {
      return reader(this.#helpers.template(words, context), where)(user, context);
    };
  }

  #loop(words: Readonly<Record<string, unknown>>, where: string): Flow {
    onlyWords(words, ['loop', 'count'], where);
    const once = this.read(words['loop'], `${where}: loop`);
    const rounds: StepReader = (value, at) => {
      const count = wholeOf(value, at, ROUNDS_MAX);
      return async (user, context) => {
        for (let round = 0; round < count; round++) await once(user, context);
      };
    };
    return this.#templated(rounds, words['count'], `${where}: count`);
  }

  /** A function of the script's processor: `(context, events, done)`. */
  #function(name: unknown, where: string): Flow {
    const call = this.#script.config?.processor?.[String(name)];
    if (typeof call !== 'function')
      throw wrong(`${where}: function`, "one of the script's processor", name);
    return (_user, context) =>
      new Promise((resolve, reject) => {
        const done = (error?: unknown): void => {
          if (error) reject(error instanceof Error ? error : new Error(String(error)));
          else resolve();
        };
        call(context, this.#emitter, done);
      });
  }
}

const names = [...Object.keys(readers), 'function', 'loop'];

function askingOf(words: unknown, where: string): Asking {
  const parts = isMapping(words) ? words : { feature: words };
  onlyWords(parts, ['feature', 'count', 'version', 'retry', 'queue'], where);
  const { feature, count, version, retry, queue } = parts;
  const bundle = parseBundle(textOf(feature, where), where).map((request) => ({
    ...request,
    ...(count === undefined ? {} : { count: wholeOf(count, `${where}: count`, 9_999_999) }),
    ...(version === undefined ? {} : { version: versionOf(version, `${where}: version`) }),
  }));
  return {
    bundle,
    ...(retry === undefined ? {} : { retry: parseRetry(textOf(retry, where), `${where}: retry`) }),
    ...(queue === undefined || queue === false ? {} : { queue: queueOf(queue, `${where}: queue`) }),
  };
}

function queueOf(words: unknown, where: string): NonNullable<Asking['queue']> {
  if (words === true || words === 'forever') return {};
  return { patience: parseDistribution(textOf(words, where), where) };
}

function versionOf(value: unknown, where: string): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(text)) return text;
  throw wrong(where, 'a version such as 2030.1', value);
}

function wholeOf(value: unknown, where: string, max: number): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (Number.isInteger(number) && (number as number) >= 1 && (number as number) <= max)
    return number as number;
  throw wrong(where, `a whole number from 1 to ${max}`, value);
}

function textOf(value: unknown, where: string): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 1_000)
    return value.trim();
  throw wrong(where, 'a text', value);
}

function onlyWords(
  words: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
): void {
  const other = Object.keys(words).find((key) => !known.includes(key));
  if (other === undefined) return;
  throw wrong(where, known.join(', '), other, didYouMean(other, known));
}

function wrong(where: string, expected: string, got: unknown, meant = ''): KnownError {
  const shown =
    typeof got === 'string'
      ? `"${got.slice(0, 60)}"`
      : (JSON.stringify(got)?.slice(0, 60) ?? 'none');
  return new KnownError('USAGE', `${where}: expected ${expected}, got ${shown}${meant}`);
}
