/**
 * A process of clients that hold one seat each: `held-clients.js PORT CONNECTIONS HEARTBEAT_SECONDS`. Heartbeats
 * begin at a line of input, spread over their interval, and go on until the parent goes; `held` is printed once all
 * seats are out.
 */
import { openTalkers, type Talker } from './talker.ts';

const [port, connections, seconds] = process.argv.slice(2).map(Number) as [number, number, number];

/** How often those whose heartbeat is due are looked for. */
const TICK_MS = 50;

function seatOf(talker: Talker): Promise<void> {
  return new Promise((resolve, reject) => {
    talker.answers = {
      granted: () => resolve(),
      accepted: () => {},
      refused: () => reject(new Error('a holder was refused its seat')),
    };
    talker.checkout();
    talker.send();
  });
}

const talkers = await openTalkers(port, connections);
await Promise.all(talkers.map(seatOf));
process.stdout.write('held\n');

let next = 0;
let due = 0;
function beat(): void {
  for (due += (connections * TICK_MS) / (seconds * 1000); due >= 1; due--) {
    const talker = talkers[next++ % connections]!;
    talker.heartbeat();
    talker.send();
  }
}
process.stdin.once('data', () => setInterval(beat, TICK_MS));
process.on('disconnect', () => process.exit(0));
