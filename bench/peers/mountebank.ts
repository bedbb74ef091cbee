import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messages, OWN_VERSION } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { type Dialogue, runDialogue } from './dialogue.ts';
import { dialogueOfOurs } from './ours.ts';
import { type Peer, PeerMissing } from './peer.ts';
import { freePort, outputOf, programOf, Running } from './programs.ts';

/** The last one that takes Node 20. */
const PACKAGE = 'mountebank@2.9.1';

/** Every request gets this, without a look at it: no ledger, no sums, no handles. */
const canned = (() => {
  const out = new Outbox();
  const value = { ownVersion: OWN_VERSION, tag: 1, handle: 100_000, poolVersion: '2030.0' };
  messages.granted.write(out, value);
  return out.take();
})();

/** @throws PeerMissing without npm's registry, or when it was not asked to `fetch` */
export async function startMountebank({ fetch }: { readonly fetch: boolean }): Promise<Peer> {
  if (!fetch) throw new PeerMissing('fetched from npm at full size only');
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-mountebank-'));
  try {
    const program = await fetched(folder);
    return await started(folder, program);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function fetched(folder: string): Promise<string> {
  const npm = programOf('npm', 'npm');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  try {
    await outputOf(npm, ['install', ...quiet, '--prefix', folder, PACKAGE], { cwd: folder });
  } catch (error) {
    throw new PeerMissing(`npm does not bring ${PACKAGE}: ${(error as Error).message}`);
  }
  return join(folder, 'node_modules', 'mountebank', 'bin', 'mb');
}

async function started(folder: string, program: string): Promise<Peer> {
  const [admin, port] = [await freePort(), await freePort()];
  const words = ['--port', `${admin}`, '--host', '127.0.0.1', '--nologfile', '--loglevel', 'warn'];
  const server = new Running(process.execPath, [program, 'start', ...words], { cwd: folder });
  const url = `http://127.0.0.1:${admin}/imposters`;
  await server.ready(() => fetch(url));
  const response = { is: { data: canned.toString('base64') } };
  const imposter = { protocol: 'tcp', port, mode: 'binary', stubs: [{ responses: [response] }] };
  const created = await fetch(url, { method: 'POST', body: JSON.stringify(imposter) });
  if (created.status !== 201) throw new Error(`no imposter: ${await created.text()}`);
  return {
    name: "mountebank's TCP imposter, a canned reply",
    pairsPerSecond: (connections, durationMs) =>
      runDialogue(port, dialogue, { connections, durationMs }),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Our own requests; the answer is the same to all of them. */
const dialogue: Dialogue = {
  ...dialogueOfOurs,
  released: (answer) => {
    if (!answer.equals(canned)) throw new Error('mountebank answered something else');
  },
};
