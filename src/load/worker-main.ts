import { parentPort, workerData } from 'node:worker_threads';
import { clientContext } from '../client/context.ts';
import { recordAsJson } from '../report/record-codec.ts';
import { LiveTarget } from './live-target.ts';
import { LocalShard } from './local-shard.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-shard.ts';

/** How often a worker tells how far it is. */
const TELL_MS = 500;

/** A thread that does one shard of a run. */
const { order, server } = workerData as WorkerSetup;
const port = parentPort!;
const shard = new LocalShard(order, new LiveTarget(server, clientContext()));

function tell(message: FromWorker): void {
  port.postMessage(message);
}

port.on('message', (message: ToWorker) => shard[message]());
const telling = setInterval(() => {
  const { atMs, active, record } = shard.progress;
  tell({ kind: 'progress', atMs, active, record: recordAsJson(record, { intervals: false }) });
}, TELL_MS);

tell({ kind: 'ready', code: await shard.ready });
const { record, part } = await shard.done;
clearInterval(telling);
tell({ kind: 'done', record: recordAsJson(record), part });
port.close();
