import { flexnetError } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';

/** What to do about what a hop fails with, by FlexNet's code. */
const fixes: Readonly<Record<number, string>> = {
  [-12]: 'another program listens there, or a fault is on: check the port',
  [-15]: 'start the license server, or check the port and the firewall in between',
  [-16]: 'the server closed the connection: see its debug log, and whether it is the right port',
  [-52]:
    'a firewall drops what is sent, or the server hangs: try the port from the machine of the server',
  [-96]: 'check the name for typing errors, DNS and /etc/hosts; an address does without them',
  [-97]: 'the vendor daemon is down: see the debug log for why, then lmreread',
};

/** Behind a redirect the manager was reached, and what it names was not. */
const redirectFix =
  'the manager sends clients there: open that port in the firewall, name it with PORT= of the VENDOR line; in ' +
  'a container serve --single-port, or --advertise what clients reach';

/** What to do about a refusal; where no fix is known, what causes it. */
export function fixOf({ major }: Refusal, behindRedirect = false): string {
  if (behindRedirect) return redirectFix;
  return fixes[major] ?? flexnetError(major).cause;
}
