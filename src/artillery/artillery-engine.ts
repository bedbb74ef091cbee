import { randomBytes } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import { KnownError } from '../base/errors.ts';
import { Rng } from '../base/rng.ts';
import { clientContext } from '../client/context.ts';
import type {
  ArtilleryScript,
  Emitter,
  Finished,
  Helpers,
  ScenarioSpec,
  UserContext,
  UserRun,
} from './artillery-contract.ts';
import { type Flow, FlowReading } from './flow.ts';
import { Metrics } from './metrics.ts';
import { ServedLicenses } from './served-licenses.ts';
import { VirtualUser, WentWithout } from './virtual-user.ts';

/**
 * An engine for Artillery: its virtual users take licenses, hold them and give them back. Artillery decides when they
 * begin and carries them beyond one machine; everything about licenses is `fauxlm load`'s own.
 */
export class ArtilleryEngine {
  readonly #script: ArtilleryScript;
  readonly #helpers: Helpers;
  readonly #licenses: ServedLicenses;
  readonly #context = clientContext();
  readonly #rng = new Rng(randomBytes(8).toString('hex'));
  #users = 0;

  /** Called by Artillery, once in each of its workers. @throws KnownError USAGE unless `target` is a license server */
  constructor(script: ArtilleryScript, _emitter: unknown, helpers: Helpers) {
    this.#script = script;
    this.#helpers = helpers;
    this.#licenses = withoutStack(() => new ServedLicenses(targetOf(script), this.#context));
  }

  /** Makes a scenario of the script ready. @throws KnownError USAGE for a flow that makes no sense */
  createScenario({ name, flow }: ScenarioSpec, emitter: Emitter): UserRun {
    const where = typeof name === 'string' ? `scenario "${name.slice(0, 60)}"` : 'scenario';
    const reading = new FlowReading(this.#script, this.#helpers, emitter);
    const steps = withoutStack(() => reading.read(flow, where));
    const metrics = new Metrics(emitter);
    return (context, finished) => void this.#run(steps, metrics, context, finished);
  }

  async #run(
    flow: Flow,
    metrics: Metrics,
    context: UserContext,
    finished: Finished,
  ): Promise<void> {
    metrics.started();
    const user = this.#newUser(metrics);
    let failure: Error | null = null;
    try {
      await flow(user, context);
    } catch (error) {
      if (error instanceof WentWithout) metrics.count('denied');
      else failure = error as Error;
    }
    await user.leave();
    if (failure !== null) metrics.failed(failure);
    finished(failure, context);
  }

  /** Users are told apart by their names, on this machine and in all of its workers. */
  #newUser(metrics: Metrics): VirtualUser {
    const number = this.#users++;
    const identity = { ...this.#context.identity, user: `vu${threadId}-${number}` };
    return new VirtualUser(this.#licenses, metrics, identity, this.#rng.fork(String(number)));
  }
}

/** @throws KnownError USAGE */
function targetOf({ config }: ArtilleryScript): string {
  const target = config?.target;
  if (typeof target === 'string' && target !== '') return target;
  const expected = 'expected a license server such as 27000@localhost';
  const got = JSON.stringify(target) ?? 'none';
  throw new KnownError('USAGE', `config.target: ${expected}, got ${got.slice(0, 60)}`);
}

/** Artillery prints the stack of what it is thrown; a mistake in a script is told by its words. */
function withoutStack<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof KnownError) error.stack = error.message;
    throw error;
  }
}
