// What somebody's test may look like: compiled against the package, never run.
import {
  connectClient,
  type JournalEntry,
  KnownError,
  ManualClock,
  parseLicenseFile,
  printLicenseFile,
  startLicenseServer,
  type TestLicenseServer,
} from 'fauxlm';

const clock = new ManualClock();
const server: TestLicenseServer = await startLicenseServer({
  licenses: { name: 'inline.lic', text: 'SERVER this_host ANY\n' },
  clock,
  notice: (what, details, level) => void [what, details, level],
});
const address: string = server.address;
const stopListening = server.listen((entry: JournalEntry) => {
  if (entry.event.kind === 'seatTaken') void entry.event.pool.length;
});
const client = await connectClient({ server: address, user: 'ann', host: 'ws1' });
const seat = await client.checkout('solve', { count: 2 });
if (seat.ok) await client.checkin(seat);
else void seat.refusal.major;
client.close();
stopListening();
const used: number | undefined = server.snapshot('acmed').features[0]?.used;
await server.stop();
export const text: string = printLicenseFile(
  parseLicenseFile({ name: 'a.lic', text: '', encoding: 'utf-8' }),
);
export const codes = used === undefined ? [] : [new KnownError('USAGE', 'x').code];
