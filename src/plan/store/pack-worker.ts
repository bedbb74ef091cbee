import { parentPort } from 'node:worker_threads';
import { KnownError } from '../../base/errors.ts';
import { type PackJob, packPart, roomOf } from './pack-part.ts';
import type { PackAnswer, PackOrder } from './packing-thread.ts';
import { ToldNames, textsOf } from './part-texts.ts';
import { loadZstd } from './zstd.ts';

/** A thread that packs parts of tables. */
const port = parentPort!;
const { compress } = await loadZstd();
const names = new ToldNames();
const texts = textsOf(names);

/** Only defects end the thread. */
function packed(job: PackJob): PackAnswer {
  try {
    packPart(job, texts, compress);
    return { kind: 'packed', job };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { kind: 'failed', code: error.code, text: error.message };
  }
}

function tell(answer: PackAnswer): void {
  port.postMessage(answer, answer.kind === 'packed' ? [...roomOf(answer.job)] : []);
}

port.on('message', ({ job, news }: PackOrder) => {
  names.learn(news);
  tell(packed(job));
});
tell({ kind: 'ready' });
