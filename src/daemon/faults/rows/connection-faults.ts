import { takes } from '../common-words.ts';
import { row } from '../row.ts';

/** Faults of connections and ports. */
export const connectionFaults = {
  refused: row({
    summary: 'nobody listens on the port',
    sees: '-15 "Connection refused" (111); who is connected stays so',
    example: 'refused server=vendor for=30s',
    words: {},
    takes: takes.ports,
    port: 'refused',
  }),
  reset: row({
    summary: 'connections are broken off as they come, or at a call',
    sees: '-16 "Connection reset by peer" (104); seats of a connection that is broken off come back',
    example: 'reset on=checkout probability=1/10',
    words: {},
    takes: takes.calls,
    connection: 'reset',
    atConnect: true,
  }),
  'half-open': row({
    summary: 'connections are taken, and nothing is ever answered',
    sees: '-52 after the time-out of the client; when it is cleared the connection is reset',
    example: 'half-open server=vendor user=ann',
    words: {},
    takes: takes.calls,
    connection: 'silence',
    atConnect: true,
    notices: true,
  }),
  freeze: row({
    summary: 'the process stops as by SIGSTOP: it takes connections, and neither reads nor answers',
    sees: '-52 after the time-out of the client; when it is cleared all that waits is answered',
    example: 'freeze server=vendor vendor=acmed for=1m',
    words: {},
    takes: takes.calls,
    connection: 'hold',
    notices: true,
  }),
  full: row({
    summary: 'no connection is left',
    sees: '-140, which old and new clients know',
    example: 'full server=manager first=3',
    words: {},
    takes: takes.connections,
    connection: 'full',
    atConnect: true,
  }),
} as const;
