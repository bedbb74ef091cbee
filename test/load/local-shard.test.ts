import { afterEach, expect, test, vi } from 'vitest';
import { WHOLE } from '../../src/domain/workload/model.ts';
import { LocalShard } from '../../src/load/local-shard.ts';
import { VirtualAgenda } from '../../src/load/virtual-agenda.ts';
import { makeWorkload } from './make.ts';
import { VirtualServer } from './virtual-server.ts';

afterEach(() => {
  vi.useRealTimers();
});

test.each(['stop', 'abandon'] as const)(
  'a shard that is to begin later and is ended before waits no longer: %s',
  async (end) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = new VirtualServer(new VirtualAgenda(), { solve: 10 });
    const startAt = Date.now() + 3_600_000;
    const workload = makeWorkload();
    const order = { workload, shard: WHOLE, seed: 'later', precise: false, startAt };
    const shard = new LocalShard(order, server);
    expect(await shard.ready).toBe(0);
    shard.start();
    expect(vi.getTimerCount()).toBe(1);
    shard[end]();
    const { record, part } = await shard.done;
    expect(vi.getTimerCount()).toBe(0);
    expect(part).toMatchObject({ startedAt: 0, tookMs: 0 });
    expect(record.counters.arrivals).toBe(record.counters.skipped);
    vi.advanceTimersByTime(2 * 3_600_000);
    expect(shard.progress.atMs).toBe(0);
    expect(record.counters.asked).toBe(0);
    expect(server.connections).toBe(0);
  },
);
