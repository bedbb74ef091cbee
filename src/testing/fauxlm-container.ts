import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  AbstractStartedContainer,
  GenericContainer,
  type StartedTestContainer,
  Wait,
} from 'testcontainers';
import { KnownError } from '../base/errors.ts';
import { readSource } from '../files/license-sources.ts';

/** Where the image looks for licenses. */
const FOLDER = '/licenses';
const PORT = 27_000;

/** A file of the container: of this machine, or its text. */
export type ContainerFile = string | { readonly name: string; readonly text: string };

/** Of three containers, the one to be: its place from 1, and the names by which the three reach each other. */
export interface ContainerTriad {
  readonly member: 1 | 2 | 3;
  readonly hosts: readonly [string, string, string];
}

/**
 * A license server in a container of its own, reached from this machine through a mapped port and from containers of
 * its network by its alias, port 27000. Ready when its port answers and it has said so.
 *
 * ```ts
 * const server = await new FauxlmContainer().withLicense('licenses/acme.lic').start();
 * spawn('my-tool', { env: { ...process.env, LM_LICENSE_FILE: server.address } });
 * await server.stop();
 * ```
 */
export class FauxlmContainer extends GenericContainer {
  readonly #files = new Map<string, string>();
  #isReadOnly = false;

  constructor(image = 'fauxlm:latest') {
    super(image);
    // One port leads to manager and daemons: which port of the host is mapped to it is known to nobody here.
    this.withEnvironment({ FAUXLM_SINGLE_PORT: '1' })
      .withExposedPorts(PORT)
      .withWaitStrategy(
        Wait.forAll([Wait.forListeningPorts(), Wait.forLogMessage(/^fauxlm ready: /m)]),
      );
  }

  /** A license file to serve, beside those before. @throws KnownError FILE_UNREADABLE, FILE_TOO_LARGE */
  withLicense(file: ContainerFile): this {
    const { name, text } = contentOf(file);
    this.#files.set(name.endsWith('.lic') ? name : `${name}.lic`, text);
    return this;
  }

  /** The options file of a vendor daemon. @throws KnownError FILE_UNREADABLE, FILE_TOO_LARGE */
  withOptions(vendor: string, file: ContainerFile): this {
    this.#files.set(`${vendor}.opt`, contentOf(file).text);
    return this.withFlag('options', `${vendor}=${FOLDER}/${vendor}.opt`);
  }

  /** Any flag of `fauxlm serve`, such as `clock`, by its name without dashes. */
  withFlag(flag: string, value: string): this {
    if (!/^[a-z][a-z-]*$/.test(flag)) {
      throw new KnownError('USAGE', `withFlag: expected a flag such as clock, got "${flag}"`);
    }
    return this.withEnvironment({ [`FAUXLM_${flag.toUpperCase().replaceAll('-', '_')}`]: value });
  }

  /** One of the three of a license file with three SERVER lines, whose ports must be 27000. */
  withTriad({ member, hosts }: ContainerTriad): this {
    return this.withFlag('triad-member', String(member)).withFlag('triad-hosts', hosts.join(','));
  }

  /** Nothing in the container can be written, as where clusters want it so. */
  withReadOnlyRoot(): this {
    this.#isReadOnly = true;
    this.hostConfig = { ...this.hostConfig, ReadonlyRootfs: true };
    return this;
  }

  override async start(): Promise<StartedFauxlmContainer> {
    if (this.#files.size === 0) {
      throw new KnownError('USAGE', 'FauxlmContainer: expected withLicense first, got no license');
    }
    const licenses = [...this.#files.keys()].filter((name) => name.endsWith('.lic'));
    this.withCommand(['serve', ...licenses.map((name) => `${FOLDER}/${name}`)]);
    if (!this.#isReadOnly) {
      const contents = [...this.#files].map(([name, content]) => ({
        content,
        target: `${FOLDER}/${name}`,
        mode: 0o644,
      }));
      this.withCopyContentToContainer(contents);
      return new StartedFauxlmContainer(await super.start(), () => {});
    }
    // What cannot be written cannot be copied into, either: the files come by a mount.
    const folder = folderOf(this.#files);
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    this.withBindMounts([{ source: folder, target: FOLDER, mode: 'ro' }]);
    try {
      return new StartedFauxlmContainer(await super.start(), remove);
    } catch (error) {
      remove();
      throw error;
    }
  }
}

/** A running one. */
export class StartedFauxlmContainer extends AbstractStartedContainer {
  readonly #stopped: () => void;

  constructor(started: StartedTestContainer, stopped: () => void) {
    super(started);
    this.#stopped = stopped;
  }

  /** `port@host` for this machine: for `-c` and LM_LICENSE_FILE. */
  get address(): string {
    return `${this.getMappedPort(PORT)}@${this.getHost()}`;
  }

  protected override async containerStopped(): Promise<void> {
    this.#stopped();
  }
}

function contentOf(file: ContainerFile): { readonly name: string; readonly text: string } {
  if (typeof file !== 'string') return { name: basename(file.name), text: file.text };
  return { name: basename(file), text: readSource(file).text };
}

/** A folder that the container's user, who is nobody here, may read. */
function folderOf(files: ReadonlyMap<string, string>): string {
  const above = mkdtempSync(join(tmpdir(), 'fauxlm-'));
  chmodSync(above, 0o755);
  for (const [name, text] of files) {
    writeFileSync(join(above, name), text);
    chmodSync(join(above, name), 0o644);
  }
  return above;
}
