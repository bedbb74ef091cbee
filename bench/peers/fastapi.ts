import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { growthPerSecond } from '../harness.ts';
import { type Peer, PeerMissing } from './peer.ts';
import { freePort, outputOf, programOf, Running } from './programs.ts';

/** simulator.py says what it does. @throws PeerMissing without Debian's packages */
export async function startFastApi(): Promise<Peer> {
  const debian = 'python3-fastapi uvicorn python3-sqlalchemy';
  // Debian's own Python first: another one on the PATH does not see Debian's packages.
  const python = programOf('python3', debian, ['/usr/bin']);
  await outputOf(python, ['-c', 'import fastapi, uvicorn, sqlalchemy']).catch(() => {
    throw new PeerMissing(`no FastAPI here: apt-get install ${debian}`);
  });
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-fastapi-'));
  const port = await freePort();
  const place = ['--host', '127.0.0.1', '--port', `${port}`, '--app-dir', resolve('bench/peers')];
  // Else it closes a connection just when the next round asks over it.
  const quiet = ['--log-level', 'warning', '--timeout-keep-alive', '600'];
  const words = ['-m', 'uvicorn', ...place, ...quiet, 'simulator:app'];
  const env = {
    ...process.env,
    SEATS_DATABASE: `sqlite:///${join(folder, 'seats.db')}`,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const server = new Running(python, words, { cwd: folder, env });
  const service = new Service(port);
  await server.ready(() => service.define('solve', 100_000));
  return {
    name: 'a FastAPI service on SQLite',
    pairsPerSecond: (connections, durationMs) => service.pairsPerSecond(connections, durationMs),
    grantsAtOnce: (askers, seats) => service.grantsAtOnce(askers, seats),
    stop: async () => {
      service.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

class Service {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });
  #contests = 0;

  constructor(port: number) {
    this.#port = port;
  }

  async define(feature: string, seats: number): Promise<void> {
    expectStatus(await this.#ask('PUT', `/features/${feature}/${seats}`), 201);
  }

  async pairsPerSecond(connections: number, durationMs: number): Promise<number> {
    let pairs = 0;
    let running = true;
    const loop = async (): Promise<void> => {
      while (running) {
        const { id } = JSON.parse(expectStatus(await this.#take('solve'), 201)) as { id: number };
        expectStatus(await this.#ask('DELETE', `/seats/${id}`), 200);
        pairs++;
      }
    };
    const loops = Promise.all(Array.from({ length: connections }, loop));
    const failed = loops.then(() => new Promise<never>(() => {}));
    try {
      return await growthPerSecond(() => pairs, durationMs, failed);
    } finally {
      running = false;
      await loops;
    }
  }

  async grantsAtOnce(askers: number, seats: number): Promise<number> {
    const feature = `contested${this.#contests++}`;
    await this.define(feature, seats);
    const answers = await Promise.all(Array.from({ length: askers }, () => this.#take(feature)));
    return answers.filter(({ status }) => status === 201).length;
  }

  close(): void {
    this.#agent.destroy();
  }

  #take(feature: string): Promise<Answer> {
    const body = JSON.stringify({ holder: 'pairs', quantity: 1 });
    return this.#ask('POST', `/features/${feature}/seats`, body);
  }

  #ask(method: string, path: string, body?: string): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const options = { port: this.#port, host: '127.0.0.1', agent: this.#agent };
    return new Promise((done, reject) => {
      const asked = request({ ...options, method, path, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk));
        response.on('end', () => done({ status: response.statusCode ?? 0, text }));
      });
      asked.once('error', reject);
      asked.end(body);
    });
  }
}

function expectStatus({ status, text }: Answer, wanted: number): string {
  if (status !== wanted) throw new Error(`the service answered ${status}: ${text.slice(0, 200)}`);
  return text;
}
