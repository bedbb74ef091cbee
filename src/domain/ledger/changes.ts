import type { EpochMs } from '../../base/clock.ts';
import type { OptionsFile, OptionsRule } from '../options/model.ts';
import type { CheckoutCommand } from './commands.ts';
import { type DenialId, denials, isPassing, refusalOf } from './denials.ts';
import type { ExplainedChange } from './explanation.ts';
import { GivenBack } from './given-back.ts';
import type { HeldCheckout } from './holdings.ts';
import { oldestFirst, poolsInTheWay } from './oldest-first.ts';
import { withoutLines } from './pictures.ts';
import { noSuchFeature } from './refusals.ts';
import { requestChanges } from './request-changes.ts';
import { optionsSource } from './rules-applied.ts';
import { reservedFromOthers } from './serials.ts';
import type { Ledger } from './state.ts';
import { decisive, type PoolTry, type Supposition, tryPools } from './tries.ts';

/** What is known of a request when its changes are looked for. */
export interface Explained {
  readonly tries: readonly PoolTry[];
  readonly options: OptionsFile | undefined;
}

/** Lines of the options file, and seats to come back, that are tried out. */
const LINES_TRIED_MAX = 20;
const SEATS_TRIED_MAX = 50;
const POOLS_EMPTIED_MAX = 5;
/** Pools that all questions about one request may try together: a daemon has other clients to answer. */
const TRIALS_MAX = 200_000;

/**
 * What would bring another answer: each change is tried out on the ledger as it is, and only what helps is told; of
 * options lines also those whose absence would bring another refusal. For a request that is granted: from how many
 * seats on it is not.
 */
export function changesOf(
  ledger: Ledger,
  request: CheckoutCommand,
  now: EpochMs,
  explained: Explained,
): readonly ExplainedChange[] {
  const { tries } = explained;
  if (tries.length === 0) return [];
  const ask = new Question(ledger, request, now);
  if (tries.at(-1)!.row < 0) return tooMany(ask, request);
  const others = requestChanges(tries, { ledger, options: explained.options });
  return [
    ...linesGone(ask, explained),
    ...fewerSeats(ask, request),
    ...others.flatMap(({ text, request: other, at }) => {
      return ask.code({}, other, at) === undefined ? [{ text, granted: true }] : [];
    }),
    ...seatsBack(ask, tries, now),
  ];
}

/** Asks the ledger what a request would come to, if something were otherwise; not for ever. */
class Question {
  readonly #ledger: Ledger;
  readonly #request: CheckoutCommand;
  readonly #now: EpochMs;
  #trialsLeft = TRIALS_MAX;

  constructor(ledger: Ledger, request: CheckoutCommand, now: EpochMs) {
    this.#ledger = ledger;
    this.#request = request;
    this.#now = now;
  }

  /** True when enough was asked: what `code` says from now on means nothing. */
  get over(): boolean {
    return this.#trialsLeft <= 0;
  }

  /** The code of the refusal; undefined when it is granted. */
  code(
    supposed: Supposition,
    request: CheckoutCommand = this.#request,
    now: EpochMs = this.#now,
  ): number | undefined {
    if (this.over) return noSuchFeature.major;
    const tries = tryPools(this.#ledger, request, now, supposed);
    this.#trialsLeft -= tries.length;
    const decided = decisive(tries);
    if (decided === undefined) return noSuchFeature.major;
    return decided.row < 0 ? undefined : refusalOf(decided.row).major;
  }
}

/** The most that would be granted, by halving: who may have n seats may have fewer. */
function fewerSeats(ask: Question, request: CheckoutCommand): readonly ExplainedChange[] {
  let low = 0;
  let high = request.count;
  while (high - low > 1) {
    const count = Math.floor((low + high) / 2);
    if (ask.code({}, { ...request, count }) === undefined) low = count;
    else high = count;
  }
  return low === 0 ? [] : [{ text: `asking for at most ${low}`, granted: true }];
}

/** No license has more, so that doubling up to here ends. */
const COUNT_ASKED_MAX = 2 ** 30;

function tooMany(ask: Question, request: CheckoutCommand): readonly ExplainedChange[] {
  let granted = request.count;
  let refused = request.count;
  let code: number | undefined;
  while (code === undefined && refused < COUNT_ASKED_MAX) {
    granted = refused;
    refused = Math.min(refused * 2, COUNT_ASKED_MAX);
    code = ask.code({}, { ...request, count: refused });
  }
  if (code === undefined || ask.over) return [];
  while (refused - granted > 1) {
    const count = Math.floor((granted + refused) / 2);
    const answer = ask.code({}, { ...request, count });
    if (answer === undefined) granted = count;
    else [refused, code] = [count, answer];
  }
  return ask.over ? [] : [{ text: `asking for ${refused} or more`, granted: false, code }];
}

/** Each line that refused; where none alone helps, all of them together. */
function linesGone(ask: Question, { tries, options }: Explained): readonly ExplainedChange[] {
  const lines = [...new Set(tries.flatMap(refusingLines))].slice(0, LINES_TRIED_MAX);
  if (options === undefined) return [];
  const single = lines.flatMap((line): ExplainedChange[] => {
    const answer = without(ask, [line]);
    if (ask.over) return [];
    return [{ text: 'without this line', ...answer, source: optionsSource(options, line) }];
  });
  if (lines.length < 2 || single.some(({ granted }) => granted)) return single;
  const numbers = lines.map(({ line }) => line).join(', ');
  const text = `without these lines: ${options.source.name}:${numbers}`;
  const all = { text, ...without(ask, lines) };
  return ask.over ? single : [...single, all];
}

function without(
  ask: Question,
  lines: readonly OptionsRule[],
): Pick<ExplainedChange, 'granted' | 'code'> {
  const gone = new Set(lines);
  const code = ask.code({ picture: (pool) => withoutLines(pool, gone) });
  return code === undefined ? { granted: true } : { granted: false, code };
}

/** The options lines behind a refusal: the one that matched, or those that leave the client out. */
function refusingLines({ refused, row }: PoolTry): readonly OptionsRule[] {
  if (refused === undefined) return [];
  const { pool, request } = refused;
  const id: DenialId = denials[row]!.id;
  // Of another feature's lines, too.
  if (id === 'serialReserved') return linesOf(reservedFromOthers(pool.serial!, request.client));
  const { rules } = pool;
  if (rules === undefined) return [];
  switch (id) {
    case 'excluded':
      return linesOf(
        [...rules.excludedFromAll, ...rules.excluded].filter((rule) =>
          rule.matches(request.client),
        ),
      );
    case 'notIncluded':
      return linesOf([...rules.includedInAll, ...rules.included]);
    case 'maxReached':
      return linesOf(
        rules.limits.filter((rule) => rule.keyOf(request.client) !== undefined).slice(0, 1),
      );
    case 'allReserved':
      return linesOf(rules.reservations.filter((rule) => !rule.matches(request.client)));
    default:
      return [];
  }
}

function linesOf(rules: readonly { readonly line: OptionsRule }[]): readonly OptionsRule[] {
  return rules.map(({ line }) => line);
}

/** As many of the oldest seats of the pools that have none free as it takes. */
function seatsBack(
  ask: Question,
  tries: readonly PoolTry[],
  now: EpochMs,
): readonly ExplainedChange[] {
  const busy = tries.filter(({ row }) => isPassing(row)).slice(0, POOLS_EMPTIED_MAX);
  for (const { refused } of busy) {
    if (refused === undefined) continue;
    const back = new GivenBack(now);
    const given: HeldCheckout[] = [];
    for (const seat of oldestFirst(poolsInTheWay(refused))) {
      if (given.length === SEATS_TRIED_MAX) break;
      given.push(seat);
      back.add([seat]);
      if (ask.code({ back }) === undefined) return [{ text: backWords(given), granted: true }];
    }
  }
  return [];
}

function backWords(given: readonly HeldCheckout[]): string {
  const [first] = given;
  const { user, host } = first!.client;
  const seat = `${user}@${host} (handle ${first!.handle})`;
  if (given.length === 1) return `when ${seat} gives it back`;
  return `when ${seat} and the ${given.length - 1} next give back`;
}
