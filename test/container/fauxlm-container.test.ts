import { execFile } from 'node:child_process';
import { getContainerRuntimeClient, Network, type StartedNetwork } from 'testcontainers';
import { afterAll, describe, expect, test } from 'vitest';
import { FauxlmContainer, type StartedFauxlmContainer } from '../../src/testcontainers.ts';

/** The image that .ci/containers built from the Dockerfile. */
const IMAGE = process.env['FAUXLM_TEST_IMAGE'] || 'localhost/fauxlm:test';

interface Ran {
  readonly status: number;
  readonly text: string;
}

/** A program of this clone, on the host. */
function run(script: string, ...words: string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(process.execPath, [script, ...words], (error, out, err) => {
      done({ status: error === null ? 0 : Number(error.code), text: out + err });
    });
  });
}

/** A checkout from the host, through mapped ports. */
function checkout(path: string, ...words: string[]): Promise<Ran> {
  return run('dist/cli/fauxlm.js', 'checkout', 'solve', ...words, '-c', path, '--', 'true');
}

const text = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 1.0 permanent 2 SIGN=00
`;

describe('a FauxlmContainer', () => {
  test('serves a license through a mapped port, with an options file and flags', async () => {
    const server = await new FauxlmContainer(IMAGE)
      .withLicense({ name: 'acme.lic', text })
      .withOptions('acmed', { name: 'acmed.opt', text: 'EXCLUDE solve USER eve\n' })
      .withFlag('clock', 'manual@2030-01-07T09:00')
      .start();
    try {
      expect(server.address).toMatch(/^\d+@\w/);
      expect((await checkout(server.address, '-n', '2')).status).toBe(0);
      expect((await checkout(server.address, '-n', '3')).text).toContain('-26,');
      expect((await checkout(server.address, '--user', 'eve')).text).toContain('-38,');
      const lmstat = ['dist/lmutil.cjs', 'lmstat', '-f', 'solve', '-c', server.address];
      const words = ['checkout', 'solve', '-c', server.address, '--', process.execPath, ...lmstat];
      expect((await run('dist/cli/fauxlm.js', ...words)).text).toContain('start Mon 1/7 9:00');
    } finally {
      await server.stop();
    }
  });

  test('needs nothing that can be written', async () => {
    const server = await new FauxlmContainer(IMAGE)
      .withLicense({ name: 'acme.lic', text })
      .withReadOnlyRoot()
      .start();
    try {
      expect((await checkout(server.address)).status).toBe(0);
      // The user's own folder: what else could keep it from writing there?
      const touch = await server.exec(['touch', '/home/node/x']);
      expect(touch.output).toContain('Read-only file system');
      expect((await server.exec(['id', '-u'])).output.trim()).toMatch(/^[1-9]/);
    } finally {
      await server.stop();
    }
  });

  test('is healthy by its own binary', async () => {
    const server = await new FauxlmContainer(IMAGE).withLicense({ name: 'acme.lic', text }).start();
    try {
      const { container } = await getContainerRuntimeClient();
      const { Config } = await container.getById(server.getId()).inspect();
      const [kind, command = ''] = Config.Healthcheck?.Test ?? [];
      expect(kind).toBe('CMD-SHELL');
      expect(await server.exec(['sh', '-c', command])).toMatchObject({ exitCode: 0 });
    } finally {
      await server.stop();
    }
  });

  test('without a license, and with a flag that is none, is told to', async () => {
    await expect(new FauxlmContainer(IMAGE).start()).rejects.toThrow('expected withLicense first');
    expect(() => new FauxlmContainer(IMAGE).withFlag('--clock', 'x')).toThrow('such as clock');
    expect(() => new FauxlmContainer(IMAGE).withLicense('no-such.lic')).toThrow('no-such.lic');
  });
});

describe('a triad of three containers', () => {
  const hosts = ['license-one', 'license-two', 'license-three'] as const;
  const license = hosts.map((host, at) => {
    return `SERVER ${host} ANY 27000${at === 0 ? ' HEARTBEAT_INTERVAL=1' : ''}\n`;
  });
  const triadText = `${license.join('')}VENDOR acmed\nINCREMENT solve acmed 1.0 permanent 2 SIGN=00\n`;
  let network: StartedNetwork | undefined;
  let members: StartedFauxlmContainer[] = [];

  afterAll(async () => {
    await Promise.allSettled(members.map((member) => member.stop()));
    await network?.stop();
  });

  test('goes on when the master is killed', async () => {
    const shared = await new Network().start();
    network = shared;
    members = await Promise.all(
      hosts.map((host, at) =>
        new FauxlmContainer(IMAGE)
          .withLicense({ name: 'acme.lic', text: triadText })
          .withTriad({ member: (at + 1) as 1 | 2 | 3, hosts })
          .withReadOnlyRoot()
          .withNetwork(shared)
          .withNetworkAliases(host)
          .start(),
      ),
    );
    const path = members.map(({ address }) => address).join(',');
    await untilGranted(path);
    const master = await masterOf(path);
    expect(hosts).toContain(master);
    const { container } = await getContainerRuntimeClient();
    await container.getById(members[hosts.indexOf(master as 'license-one')]!.getId()).kill();
    await untilGranted(path);
    expect(await masterOf(path)).not.toBe(master);
  });
});

/** Asks until there is a quorum and a master. */
async function untilGranted(path: string): Promise<void> {
  const status = async (): Promise<number> => (await checkout(path)).status;
  await expect.poll(status, { interval: 200, timeout: 120_000 }).toBe(0);
}

async function masterOf(path: string): Promise<string | undefined> {
  const { text: status } = await run('dist/lmutil.cjs', 'lmstat', '-c', path);
  return /^ *([\w-]+): license server UP \(MASTER\)/m.exec(status)?.[1];
}
