import { KnownError } from '../base/errors.ts';
import { renderDuration } from '../base/time-words.ts';
import type { ClientRefusal } from '../client/client-answers.ts';
import { parseFaults } from '../daemon/faults/order.ts';
import type { ControlDesk } from './control-desk.ts';
import { resetAll } from './reset-all.ts';
import { featuresOf } from './snapshot-saving.ts';
import type { Snapshot } from './snapshot-schema.ts';

/**
 * Brings a server into the state of a snapshot: it is reset, then each seat goes out again at its time, to clients of
 * the control plane. On the machine's own clock all go out now.
 * @throws KnownError CONTROL_SNAPSHOT when it is of another license or another clock: nothing is done then; or when a
 * seat is not granted again: then the server is as after a reset
 */
export async function loadSnapshot(desk: ControlDesk, snapshot: Snapshot): Promise<void> {
  const { server } = desk;
  await checkLicense(desk, snapshot);
  checkClock(desk, snapshot);
  server.faults.check(parseFaults(snapshot.faults, 'faults'), 'faults');
  await resetAll(desk);
  try {
    await takeAgain(desk, snapshot);
  } catch (error) {
    await resetAll(desk);
    throw error;
  }
}

async function takeAgain(desk: ControlDesk, { seats, queue, clock, faults }: Snapshot) {
  const { server } = desk;
  const isMoved = server.clock.setting.kind !== 'real';
  const inOrder = seats
    .map((seat, place) => ({ seat, place }))
    .sort((one, other) => one.seat.since - other.seat.since);
  for (const { seat, place } of inOrder) {
    if (isMoved && seat.since !== server.clock.now()) await server.clock.set(seat.since);
    const refusal = await take(desk, seat);
    if (refusal !== undefined) throw notGranted(`seats.${place}`, seat, refusal);
  }
  if (isMoved) await server.clock.set(clock.ms);
  for (const [place, asked] of queue.entries()) {
    const answer = await desk.held.checkout({ ...asked, whenInUse: 'queue' });
    if ('ok' in answer) throw notGranted(`queue.${place}`, asked, answer);
  }
  for (const fault of faults) await server.faults.add(fault);
}

async function take(
  desk: ControlDesk,
  seat: Snapshot['seats'][number],
): Promise<ClientRefusal | undefined> {
  const { borrowedUntil: until, feature, count, version, data } = seat;
  if (until === undefined) {
    const answer = await desk.held.checkout(seat);
    return 'ok' in answer ? answer : undefined;
  }
  const client = await desk.held.connect(seat);
  try {
    const left = Math.max(1_000, until - desk.server.clock.now());
    const words = { count, version, data, until: renderDuration(left) };
    const answer = await client.borrow(feature, words);
    return answer.ok ? undefined : answer;
  } finally {
    client.close();
  }
}

function notGranted(
  where: string,
  { feature, user, host }: Pick<Snapshot['queue'][number], 'feature' | 'user' | 'host'>,
  { text, refusal }: ClientRefusal,
): KnownError {
  const got = `(${refusal.major}) ${text}`;
  const message = `${where}: expected ${feature} for ${user}@${host} as in the snapshot, got ${got}`;
  return new KnownError('CONTROL_SNAPSHOT', message);
}

async function checkLicense(desk: ControlDesk, { features, seats, queue }: Snapshot) {
  const own = new Map(
    (await featuresOf(desk.server)).map(({ vendor, feature, seats: count }) => [
      keyOf(vendor, feature),
      count,
    ]),
  );
  for (const [place, { vendor, feature, seats: count }] of features.entries()) {
    const got = own.get(keyOf(vendor, feature));
    if (got === count) continue;
    const expected = `${feature} of ${vendor} with ${count} licenses as in the snapshot`;
    const text = `features.${place}: expected ${expected}, got ${got ?? 'no such feature'}`;
    throw new KnownError('CONTROL_SNAPSHOT', text);
  }
  for (const [name, list] of Object.entries({ seats, queue })) {
    for (const [place, { vendor, feature }] of list.entries()) {
      if (own.has(keyOf(vendor, feature))) continue;
      const text = `${name}.${place}: expected a feature of this server, got ${feature} of ${vendor}`;
      throw new KnownError('CONTROL_SNAPSHOT', text);
    }
  }
}

function keyOf(vendor: string, feature: string): string {
  return `${vendor}/${feature}`.toLowerCase();
}

/** Times of a clock that is moved mean nothing to one that is not. */
function checkClock({ server }: ControlDesk, { clock }: Snapshot): void {
  if (server.clock.setting.kind !== 'real' || clock.kind === 'real') return;
  const text = `clock.kind: expected a snapshot of the machine's clock, as this server has, got ${clock.kind}`;
  throw new KnownError('CONTROL_SNAPSHOT', text);
}
