import { availableParallelism } from 'node:os';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { parseDuration } from '../base/time-words.ts';
import { parseOptionsFile } from '../domain/options/parse.ts';
import { readSource } from '../files/license-sources.ts';
import { groupMembers } from '../plan/feature-license.ts';
import { type PriceList, type Prices, parsePrice, parsePriceList } from '../plan/money/prices.ts';
import type { PlanOptions } from '../plan/plan.ts';
import type { SweepOptions } from '../plan/sweep/sweep-place.ts';
import { shareOf, timeZoneName, vendorFile, wholeNumber } from './flag-values.ts';
import { parseShard } from './load-options.ts';
import type { PlanArguments } from './plan-flags.ts';

/** What the flags say. @throws KnownError USAGE, FILE_UNREADABLE */
export function planOptions(args: PlanArguments): PlanOptions {
  const { feature, site, kind, have, timeZone, groups, budget, shard } = args;
  if (shard !== undefined && args.resume === undefined) {
    throw new KnownError('USAGE', '--shard: expected --resume with it, got none');
  }
  const prices = priceList(args);
  return {
    sources: args.sources,
    deny: shareOf(args.deny, '--deny'),
    licenses: args.license,
    options: Object.fromEntries(args.options.map(vendorFile)),
    windowMs: parseDuration(args.window, '--window'),
    seed: args.seed,
    whatIfs: args.whatIf,
    replications: wholeNumber('--replications', args.replications, 0, 10_000),
    sweep: sweepOptions(args),
    ...(shard === undefined ? {} : { shard: parseShard(shard) }),
    ...(groups === undefined ? {} : { groups: groupsOf(groups) }),
    ...(prices === undefined ? {} : { prices }),
    ...(budget === undefined ? {} : { budget: parsePrice(budget, '--budget') }),
    ...(feature === undefined ? {} : { feature }),
    ...(site === undefined ? {} : { site }),
    ...(kind === undefined ? {} : { kind }),
    ...(have === undefined ? {} : { have: wholeNumber('--have', have, 0, 10_000_000) }),
    ...(timeZone === undefined ? {} : { timeZone: timeZoneName(timeZone) }),
  };
}

/** One thread for each processor, unless told otherwise. */
function sweepOptions({ workers, resume }: PlanArguments): SweepOptions {
  return {
    workers:
      workers === undefined
        ? availableParallelism()
        : wholeNumber('--workers', workers, 1, limits.loadWorkersMax),
    ...(resume === undefined ? {} : { folder: resume }),
  };
}

/** Groups of users by name, of a file's GROUP lines. */
function groupsOf(path: string): (name: string) => ReadonlySet<string> | undefined {
  const options = parseOptionsFile(readSource(path));
  return (name) => groupMembers(options, name);
}

/** Those of the file, and for features that it does not have those of the flags. */
function priceList(args: PlanArguments): PriceList | undefined {
  const file =
    args.prices === undefined
      ? undefined
      : parsePriceList(readSource(args.prices).text, args.prices);
  const all = flagPrices(args);
  if (file === undefined && all === undefined) return undefined;
  return (feature) => file?.(feature) ?? all;
}

function flagPrices({ seatCost, deniedHourCost, termCost }: PlanArguments): Prices | undefined {
  if (seatCost === undefined) {
    if (deniedHourCost === undefined && termCost === undefined) return undefined;
    throw new KnownError('USAGE', '--seat-cost: expected it beside the other costs, got none');
  }
  return {
    seatYear: parsePrice(seatCost, '--seat-cost'),
    ...(deniedHourCost === undefined
      ? {}
      : { deniedHour: parsePrice(deniedHourCost, '--denied-hour-cost') }),
    ...(termCost === undefined ? {} : { termMonth: parsePrice(termCost, '--term-cost') }),
  };
}
