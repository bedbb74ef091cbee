import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { CommandModule } from 'yargs';
import { serveCommand } from '../src/cli/commands/serve.ts';
import { recordCommand } from '../src/cli/pages/command-record.ts';
import { parseLicenseFile } from '../src/domain/license/parse.ts';
import { run } from './e2e/processes.ts';

/** FAUXLM_ and the name of each flag of serve. */
const variables = new Set(
  recordCommand(serveCommand as CommandModule).flags.map(
    ({ names }) => `FAUXLM_${names.replace(/^--/, '').toUpperCase().replaceAll('-', '_')}`,
  ),
);

function hostsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const { lines } = parseLicenseFile({ name: file, text, encoding: 'utf-8' });
  return lines.flatMap((line) => (line.kind === 'server' ? [line.host] : []));
}

test.each(['deploy/compose/licenses/acme.lic', 'deploy/kubernetes/acme.lic', 'examples/acme.lic'])(
  '%s has nothing that lint would tell',
  async (file) => {
    expect(await run('fauxlm', ['lint', file, '--fail-on', 'warning'])).toMatchObject({
      status: 0,
    });
  },
);

test('the variables that the Dockerfile sets are flags of serve', () => {
  const text = readFileSync('Dockerfile', 'utf8');
  const set = [...text.matchAll(/\b(FAUXLM_\w+)=/g)].map(([, name]) => name!);
  expect(set).toContain('FAUXLM_PORT');
  // The comments of it name one more.
  for (const name of set) expect(variables, name).toContain(name);
});

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
}

test("in the place of Vantage's simulator only flags of serve are set", () => {
  const { services } = parse(readFileSync('deploy/vantage/compose.yaml', 'utf8'), {
    customTags: [{ tag: '!reset', resolve: () => null }],
    logLevel: 'error',
  }) as { readonly services: Readonly<Record<string, Service>> };
  const { environment = {} } = services['lm-simulator-api']!;
  expect(Object.keys(environment)).toEqual(['FAUXLM_LM_SIM']);
  for (const name of Object.keys(environment)) expect(variables, name).toContain(name);
});

describe('deploy/compose/compose.yaml', () => {
  const text = readFileSync('deploy/compose/compose.yaml', 'utf8');
  const { services } = parse(text, { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  const members = Object.entries(services).filter(([name]) => name.startsWith('license-'));

  test('has the members that its license names, each the one of its place', () => {
    const hosts = hostsOf('deploy/compose/licenses/acme.lic');
    expect(members.map(([name]) => name)).toEqual(hosts);
    for (const [name, { environment = {} }] of members) {
      expect(environment['FAUXLM_TRIAD_HOSTS']).toBe(hosts.join(','));
      expect(environment['FAUXLM_TRIAD_MEMBER']).toBe(String(hosts.indexOf(name) + 1));
    }
    const path = hosts.map((host) => `27000@${host}`).join(',');
    expect(services['client']!.environment!['LM_LICENSE_FILE']).toBe(path);
  });

  test('sets what there is, and mounts what there is', () => {
    for (const [name, { environment = {}, volumes = [], read_only: readOnly }] of members) {
      expect(readOnly, name).toBe(true);
      for (const key of Object.keys(environment)) expect(variables, key).toContain(key);
      expect(volumes, name).toContain('./licenses:/licenses:ro');
    }
    const own = Object.values(services)
      .flatMap(({ volumes = [] }) => volumes.map((each) => each.split(':')[0]!))
      .filter((source) => source.startsWith('./'));
    for (const source of own) expect(existsSync(join('deploy/compose', source)), source).toBe(true);
  });
});

describe('deploy/kubernetes', () => {
  const text = readFileSync('deploy/kubernetes/triad.yaml', 'utf8');
  const documents = parseAllDocuments(text).map((each) => each.toJS());
  const set = documents.find(({ kind }) => kind === 'StatefulSet');
  const [container] = set.spec.template.spec.containers;

  test('has as many pods as its license has SERVER lines, by their names', () => {
    const { name } = set.metadata;
    const pods = Array.from({ length: set.spec.replicas }, (_, at) => `${name}-${at}`);
    const service = documents.find(({ kind }) => kind === 'Service').metadata.name;
    expect(set.spec.serviceName).toBe(service);
    expect(hostsOf('deploy/kubernetes/acme.lic')).toEqual(pods.map((pod) => `${pod}.${service}`));
    const member = container.env.find(({ name: key }: { name: string }) => key.endsWith('MEMBER'));
    expect(member.value).toBe(`$(POD).${service}`);
  });

  test('sets what there is, and runs as nobody who may do anything', () => {
    const own = container.env.filter(({ name }: { name: string }) => name !== 'POD');
    for (const { name } of own) expect(variables, name).toContain(name);
    expect(container.securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(set.spec.template.spec.securityContext.runAsNonRoot).toBe(true);
  });

  test('mounts volumes that it has, and is put together of files that are there', () => {
    const volumes = [
      ...set.spec.template.spec.volumes.map(({ name }: { name: string }) => name),
      ...set.spec.volumeClaimTemplates.map(
        ({ metadata }: { metadata: { name: string } }) => metadata.name,
      ),
    ];
    for (const { name } of container.volumeMounts) expect(volumes).toContain(name);
    const { resources, configMapGenerator } = parse(
      readFileSync('deploy/kubernetes/kustomization.yaml', 'utf8'),
    );
    const files = [
      ...resources,
      ...configMapGenerator.flatMap((each: { files: string[] }) => each.files),
    ];
    for (const file of files) expect(existsSync(join('deploy/kubernetes', file)), file).toBe(true);
  });
});
