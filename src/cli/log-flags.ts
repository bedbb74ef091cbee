import type { Options, PositionalOptions } from 'yargs';
import { sourceKinds } from '../plan/samples/source-kind-names.ts';

/** What is planned and reported from. */
export const sourcesPositional = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'debug logs or samples of one license server, or a folder that fauxlm ingest wrote',
} as const satisfies PositionalOptions;

/** What sources are. */
export const sourceKind = {
  choices: sourceKinds,
  describe: 'what the sources are [as they begin]',
} as const satisfies Options;

/** A flag that takes one value each time it is given: with more it would swallow the sources behind it. */
export const repeated = {
  type: 'string',
  array: true,
  nargs: 1,
  default: [] as string[],
} as const satisfies Options;

/** The zone that the clocks in debug logs show. */
export const logTimeZone = {
  type: 'string',
  describe: "the server's, such as Europe/Berlin [this machine's]",
} as const satisfies Options;
