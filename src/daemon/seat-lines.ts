import type { LedgerEvent } from '../domain/ledger/events.ts';
import type { Client } from '../domain/ledger/model.ts';
import { inLine, logClient, outLine } from '../text/debug-log.ts';
import { inReason } from './logged-events.ts';

/** What is said of one client again and again. It asks for one feature mostly; only the last one's lines are kept. */
interface ClientLines {
  /** `user@host` */
  readonly name: string;
  feature: string | undefined;
  out: Uint8Array;
  in: Uint8Array;
}

const nothing = new Uint8Array();

/** The lines of usual checkouts as bytes, made once for each client and not at each of a million. */
export class SeatLines {
  readonly #clients = new WeakMap<Client, ClientLines>();

  /** `user@host`, fit for a line. */
  nameOf(client: Client): string {
    return this.#of(client).name;
  }

  /** With its line feed; undefined when there is more to say than who took or gave back one license of what. */
  usual(event: LedgerEvent): Uint8Array | undefined {
    if (event.kind !== 'seatTaken' && event.kind !== 'seatReturned') return undefined;
    const { feature, count, data } = event;
    if (count !== 1 || data !== '') return undefined;
    if (event.kind === 'seatReturned' && inReason[event.reason] !== undefined) return undefined;
    const lines = this.#of(event.client);
    if (feature !== lines.feature) makeLines(lines, feature);
    return event.kind === 'seatTaken' ? lines.out : lines.in;
  }

  #of(client: Client): ClientLines {
    const known = this.#clients.get(client);
    if (known !== undefined) return known;
    const name = logClient(client.user, client.host);
    const lines = { name, feature: undefined, out: nothing, in: nothing };
    this.#clients.set(client, lines);
    return lines;
  }
}

function makeLines(lines: ClientLines, feature: string): void {
  const seat = { feature, client: lines.name, count: 1 };
  lines.feature = feature;
  lines.out = Buffer.from(`${outLine(seat)}\n`);
  lines.in = Buffer.from(`${inLine(seat)}\n`);
}
