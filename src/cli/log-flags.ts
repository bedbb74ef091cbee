import type { Options, PositionalOptions } from 'yargs';

/** What is planned and reported from. */
export const sourcesPositional = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'debug logs of one license server, or a folder that fauxlm ingest wrote',
} as const satisfies PositionalOptions;

/** The zone that the clocks in debug logs show. */
export const logTimeZone = {
  type: 'string',
  describe: "the server's, such as Europe/Berlin [this machine's]",
} as const satisfies Options;
