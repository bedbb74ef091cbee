import type { Options } from 'yargs';

/** Flags of every command that speaks to the control plane of a running server. */
export const controlOptions = {
  http: {
    type: 'string',
    describe: 'control plane of the server [FAUXLM_HTTP, else http://127.0.0.1:8080]',
  },
  json: { type: 'boolean', default: false, describe: "print the server's answer as JSON" },
} as const satisfies Record<string, Options>;
