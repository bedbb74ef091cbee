import { pathToFileURL } from 'node:url';
import { assert } from '../src/base/errors.ts';
import { type CheckoutFields, readCheckout, readHello, writeCheckout } from '../src/wire/hot.ts';
import { messages, OWN_VERSION } from '../src/wire/messages/index.ts';
import { Outbox } from '../src/wire/outbox.ts';
import { Reader } from '../src/wire/reader.ts';
import { type BenchRow, type BenchSize, renderRow, spread } from './harness.ts';

/**
 * What the hand-written twins of src/wire/hot.ts are worth: the same messages read and written by hand and by
 * the declared layout (binary-parser), alternately in one run. A row's ratio is how many times as long the
 * declared layout takes; its hash is of all that was read and written, and both sides must agree on it.
 */
const sizes = {
  small: { rounds: 3, messages: 2_000 },
  full: { rounds: 11, messages: 100_000 },
} as const;

/** Reads or writes message `index` and returns a number that depends on what came of it. */
type Work = (index: number) => number;

export function run(size: BenchSize): readonly BenchRow[] {
  const { rounds, messages: count } = sizes[size];
  return works().map(({ name, bar, hand, layout }) => {
    const handNs: number[] = [];
    const layoutNs: number[] = [];
    let hash = 0;
    for (let round = 0; round < rounds; round++) {
      const byHand = timed(hand, count);
      const byLayout = timed(layout, count);
      assert(byHand.hash === byLayout.hash, `${name}: by hand and by layout the same`);
      handNs.push(byHand.ns);
      layoutNs.push(byLayout.ns);
      hash = byHand.hash;
    }
    const ratio = spread(layoutNs.map((ns, round) => ns / handNs[round]!)).median;
    const [fast, slow] = [handNs, layoutNs].map((all) => spread(all).median.toFixed(0));
    return {
      ...{ name, ratio, detail: `${fast} ns by hand, ${slow} ns by layout` },
      ...(bar && { bar }),
      hash: hash.toString(16).padStart(8, '0'),
    };
  });
}

interface Row extends Pick<BenchRow, 'name' | 'bar'> {
  readonly hand: Work;
  readonly layout: Work;
}

function works(): readonly Row[] {
  const hellos = [0, 1, 2, 3].map(helloBytes);
  const checkouts = [0, 1, 2, 3].map(checkoutBytes);
  const reader = new Reader('checkout', Buffer.alloc(0), 0, 0);
  const into = checkoutOf(0);
  const outs = { hand: new Outbox(), layout: new Outbox() };
  const values = [0, 1, 2, 3].map(checkoutOf);
  return [
    {
      name: 'codec: read hello',
      hand: (index) => lengthsOf(readHello(hellos[index & 3]!, 0)),
      layout: (index) => lengthsOf(messages.hello.decode(hellos[index & 3]!, 0, 147)),
    },
    {
      name: 'codec: read checkout',
      bar: { atLeast: 5 },
      hand(index) {
        const bytes = checkouts[index & 3]!;
        readCheckout(reader, bytes, 0, bytes.length, into);
        return fieldsSum(into);
      },
      layout(index) {
        const bytes = checkouts[index & 3]!;
        return fieldsSum(messages.checkout.decode(bytes, 0, bytes.length));
      },
    },
    {
      name: 'codec: write checkout',
      hand(index) {
        writeCheckout(outs.hand, values[index & 3]!);
        return sizeIn(outs.hand);
      },
      layout(index) {
        const value = { ownVersion: OWN_VERSION, ...values[index & 3]! };
        messages.checkout.write(outs.layout, value);
        return sizeIn(outs.layout);
      },
    },
  ];
}

function helloBytes(index: number): Buffer {
  const out = new Outbox();
  messages.hello.write(out, {
    lead: undefined,
    user: `user${index}`,
    host: `host-${index}.example.com`,
    vendor: 'ansyslmd',
    display: `/dev/pts/${index}`,
    mark: Buffer.from('T'),
    pid: `${35174 + index}`,
    platform: 'x64_lsb',
    versionMajor: 11,
    versionMinor: 18,
    trail: undefined,
  });
  return out.take();
}

function checkoutOf(index: number): CheckoutFields {
  const feature = ['cfd_base', 'cfd_solve_level1', 'meshing', 'fluent'][index & 3]!;
  return { tag: index, flags: 0, count: 1 + index, feature, version: '2026.0', data: '' };
}

function checkoutBytes(index: number): Buffer {
  const out = new Outbox();
  writeCheckout(out, checkoutOf(index));
  return out.take();
}

function lengthsOf(hello: ReturnType<typeof readHello>): number {
  const { user, host, vendor, display, pid, platform, versionMinor } = hello;
  const texts = user.length + host.length + vendor.length + display.length + platform.length;
  return texts * 31 + Number(pid) + versionMinor;
}

function fieldsSum({ tag, count, feature, version, data }: CheckoutFields): number {
  return (
    tag + count * 7 + feature.length * 31 + feature.charCodeAt(4) + version.length + data.length
  );
}

/** How much stands in the outbox; empties it now and then, as one write per read does. */
function sizeIn(out: Outbox): number {
  const { length } = out;
  if (length < 4_000) return length;
  return mixed(length, out.take()[length - 1]!);
}

/** CPU time of this process, its collector's threads included: a busy machine must not count. */
function timed(work: Work, count: number): { readonly ns: number; readonly hash: number } {
  const before = process.cpuUsage();
  let hash = 0x811c9dc5;
  for (let index = 0; index < count; index++) hash = mixed(hash, work(index));
  const { user, system } = process.cpuUsage(before);
  return { ns: (Math.max(user + system, 1) * 1_000) / count, hash };
}

function mixed(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193) >>> 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const row of run('full')) console.log(renderRow(row));
}
