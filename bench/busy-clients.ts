/**
 * A process of clients that keep a server busy: `busy-clients.js PORT CONNECTIONS`. Each runs pairs with one request
 * in flight until its parent goes; `busy` is printed once all are at it.
 */
import { openTalkers } from './talker.ts';

const [port, connections] = process.argv.slice(2).map(Number) as [number, number];
const talkers = await openTalkers(port, connections);
for (const talker of talkers) {
  const acquire = (): void => {
    talker.checkout();
    talker.send();
  };
  talker.answers = {
    granted(handle) {
      talker.checkin(handle);
      talker.send();
    },
    accepted: acquire,
    refused: acquire,
  };
  acquire();
}
process.stdout.write('busy\n');
process.on('disconnect', () => process.exit(0));
