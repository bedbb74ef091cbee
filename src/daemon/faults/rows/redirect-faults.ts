import { takes } from '../common-words.ts';
import { row } from '../row.ts';
import { name, port } from '../words.ts';

/** Nobody listens on tcpmux: connections to it are refused at once. */
export const DEAD_PORT = 1;
/** A name that never resolves. Source: RFC 6761. */
const DEAD_HOST = 'no-such-host.invalid';

/** Faults of the way from the license manager to a vendor daemon. */
export const redirectFaults = {
  redirect: row({
    summary: 'the license manager sends clients to a wrong or dead port',
    sees: '-15 "Connection refused" (minor 578); -12 when something else listens there',
    example: 'redirect port=9 user=ann',
    words: {
      port: port(`where they are sent [${DEAD_PORT}, where nobody listens]`),
      to: name('to which host [as it would be]'),
    },
    takes: takes.redirects,
    redirect: ({ port: to, to: host }) => ({
      kind: 'elsewhere',
      ...(host === undefined ? {} : { host }),
      ...(to === undefined && host !== undefined ? {} : { port: to ?? DEAD_PORT }),
    }),
  }),
  blocked: row({
    summary:
      'a firewall drops what goes to the port of a vendor daemon; the license manager answers',
    sees: '-15 "Connection timed out" (578:110) after the time-out of the client',
    example: 'blocked vendor=acmed',
    words: {},
    takes: takes.daemons,
    port: 'blocked',
  }),
  dns: row({
    summary: 'clients are sent to a host whose name does not resolve',
    sees: '-96, license server machine is down or not responding',
    example: 'dns advertised=lic1.corp.invalid',
    words: { advertised: name(`the name that they are told [${DEAD_HOST}]`) },
    takes: takes.redirects,
    redirect: ({ advertised = DEAD_HOST }) => ({ kind: 'elsewhere', host: advertised }),
  }),
} as const;
