import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Ended, ended, environment, Folder, programs, run, Server } from './processes.ts';

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 1.0 permanent 500 SIGN=00',
  'INCREMENT few acmed 1.0 permanent 2 SIGN=00',
  '',
].join('\n');
const load = (...words: readonly string[]) => run('fauxlm', ['load', ...words]);
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const usual = '--feature solve --rate 100/s --hold exp:50ms --duration 800ms --seed 5'.split(' ');

test('a run counts, writes its results in every form, and shards of it merge', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', text)]);
  const c = ['-c', server.ready.address];
  const forms = ['json-file', 'html', 'junit', 'ndjson', 'bundle'];
  const files = forms.flatMap((form) => [`--${form}`, folder.at(form)]);
  const whole = await load(...c, ...usual, ...files, '--threshold', 'denied<1%', '--workers', '1');
  expect(whole.err).toContain('seed 5\n');
  const result = json(folder.at('json-file'));
  expect(result).toMatchObject({ denied: 0, skipped: 0, released: result.granted });
  expect(result.granted).toBe(result.arrivals);
  expect(whole.out).toContain(`${result.arrivals} to begin (100/s)`);
  // 5 when the machine under the tests was too busy for a generator: it says so.
  expect([0, 5]).toContain(whole.status);
  expect(result.exit).toBe(whole.status);
  const page = readFileSync(folder.at('html'), 'utf8');
  expect(page).not.toMatch(/src="https?:|<link[^>]*href="https?:|url\(.?https?:|@import/);
  expect(page).toContain("default-src 'none'");
  expect(readFileSync(folder.at('junit'), 'utf8')).toContain('name="denied&lt;1%"/>');
  const lines = readFileSync(folder.at('ndjson'), 'utf8').trim().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ kind: 'result', arrivals: result.arrivals });

  const shards = await Promise.all(
    [0, 1].map((index) =>
      load(...c, ...usual, '--shard', `${index}/2`, '--bundle', folder.at(`shard${index}`)),
    ),
  );
  for (const { status } of shards) expect([0, 5]).toContain(status);
  const bundles = [folder.at('shard0'), folder.at('shard1')];
  const merged = await load('merge', ...bundles, '--json-file', folder.at('merged.json'));
  expect([0, 5]).toContain(merged.status);
  expect(json(folder.at('merged.json')).arrivals).toBe(result.arrivals);
  expect(await load('merge', bundles[0]!)).toMatchObject({
    status: 2,
    err: expect.stringContaining('none of 1/2'),
  });
  const compared = await load('compare', folder.at('json-file'), folder.at('merged.json'));
  expect([0, 4, 5]).toContain(compared.status);
  expect(compared.out).toMatch(/^response, A -> B\n {2}p50 /);
});

test('two threads do exactly what one does', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', text)]);
  const c = ['-c', server.ready.address, ...usual];
  for (const workers of ['1', '2']) {
    await load(...c, '--workers', workers, '--json-file', folder.at(workers));
  }
  const [one, two] = [json(folder.at('1')), json(folder.at('2'))];
  for (const count of ['arrivals', 'granted', 'released', 'asked', 'grants']) {
    expect(two[count], count).toBe(one[count]);
  }
  expect(two.health.map(({ shard }: { shard: string }) => shard)).toEqual(['0/2', '1/2']);
});

test('exit statuses say what came of it', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', text)]);
  const c = ['-c', server.ready.address];
  const few = ['--feature', 'few', '--rate', '200/s', '--hold', 'fixed:1s', '--duration', '1m'];
  const broken = await load(...c, ...few, '--threshold', 'denied<1%');
  expect(broken.status).toBe(4);
  expect(broken.out).toContain('ended early: denied<1% cannot be kept any more');
  const late = await load(...c, ...few, '--deadline', '500ms', '--json');
  expect(late.status).toBe(124);
  expect(JSON.parse(late.out)).toMatchObject({ verdict: 'deadline', exit: 124 });
  const gone = await load('-c', '1@127.0.0.1', ...few);
  expect(gone).toMatchObject({ status: 3, out: '' });
  expect(await load(...c)).toMatchObject({ status: 2 });
  const profile = folder.file('x.profile.yaml', 'phases: [ { stedy: {} } ]\nsessions: []\n');
  const wrong = await load(profile, ...c);
  expect(wrong.status).toBe(2);
  expect(wrong.err).toContain('x.profile.yaml:1:13: expected a phase');
});

test('Ctrl-C ends a run early; it gives back what it has and tells what it came to', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', text)]);
  const words = ['load', '-c', server.ready.address, '--feature', 'solve', '--rate', '50/s'];
  const more = ['--hold', '1m', '--duration', '1h', '--threshold', 'failed<=0', '--json'];
  const child = spawn(process.execPath, [programs.fauxlm, ...words, ...more], {
    env: environment(),
  });
  const over = ended(child);
  await expect
    .poll(
      async () => (await run('lmutil', ['lmstat', '-f', 'solve', '-c', server.ready.address])).out,
      {
        timeout: 60_000,
      },
    )
    .toMatch(/Total of [1-9]\d* licenses? in use/);
  child.kill('SIGINT');
  const { status, out } = await over;
  expect(status).toBe(130);
  const result = JSON.parse(out);
  expect(result.granted).toBeGreaterThan(0);
  expect(result.checkins).toBe(result.grants);
  expect(result.skipped).toBeGreaterThan(100_000);
});

test('saturate climbs to the rate asked for, and says how often it held', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', text)]);
  const words = ['--feature', 'solve', '--hold', '1ms', '--duration', '200ms'];
  const range = ['--from', '20/s', '--to', '40/s', '--confirm', '1'];
  const found = await load('saturate', '-c', server.ready.address, ...words, ...range, '--json');
  const { steps, limit } = JSON.parse(found.out);
  expect(steps[0]).toMatchObject({ rate: 20 });
  expect(['none', 'generator', 'server']).toContain(limit);
  expect(found.status).toBe(limit === 'generator' ? 5 : 0);
});

/** Runs a script as a job of some engine has it: the folder's `fauxlm` on its path, and variables that say which job it is. */
function job(folder: Folder, script: string, env: Record<string, string>): Promise<Ended> {
  const path = `${folder.path}:${process.env['PATH']}`;
  const child = spawn('sh', ['-c', script], {
    cwd: folder.path,
    env: environment({ ...env, PATH: path }),
  });
  return ended(child);
}

test('the Kubernetes job and the Slurm array of the documents are shards that merge', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', text)]);
  const { address } = server.ready;
  const profile =
    'phases: [{ steady: { rate: 100/s, for: 300ms } }]\nsessions: [{ checkout: solve, hold: 5ms }]\n';
  folder.file('w.profile.yaml', profile);
  folder.program('fauxlm');
  const yaml = parse(readFileSync('deploy/kubernetes/load-job.yaml', 'utf8'));
  const { completions, template } = yaml.spec;
  const [container] = template.spec.containers;
  expect(container.command).toEqual(['sh', '-c']);
  const pod = container.args[0]
    .replace('27000@fauxlm', address)
    .replace('exp:30s', '5ms')
    .replace('10m', '300ms')
    .replace('/bundles', '.');
  const [, array = ''] =
    /```bash\n(#!\/bin\/bash\n#SBATCH [\s\S]*?)```/.exec(readFileSync('docs/load.md', 'utf8')) ??
    [];
  const [, last = ''] = /--array=0-(\d+)/.exec(array) ?? [];
  const engines = [
    { script: pod, variable: 'JOB_COMPLETION_INDEX', jobs: completions },
    {
      script: array.replace('27000@licenses', address),
      variable: 'SLURM_ARRAY_TASK_ID',
      jobs: Number(last) + 1,
    },
  ];
  for (const { script, variable, jobs } of engines) {
    const all = Array.from({ length: jobs }, (_, index) =>
      job(folder, script, { [variable]: `${index}` }),
    );
    for (const { status, err } of await Promise.all(all)) expect([0, 5], err).toContain(status);
    const bundles = Array.from({ length: jobs }, (_, index) => folder.at(`shard-${index}.json`));
    const merged = await load('merge', ...bundles, '--json');
    expect([0, 5], merged.err).toContain(merged.status);
    const { health, granted, arrivals } = JSON.parse(merged.out);
    expect(health).toHaveLength(jobs);
    expect(granted).toBe(arrivals);
  }
});

test('files of results are looked at before a run, and one that fails takes no other along', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', text)]);
  const c = ['-c', server.ready.address, ...usual];
  const [bundle, nowhere] = [folder.at('bundle'), folder.at('nowhere/page.html')];
  const early = await load(...c, '--bundle', bundle, '--html', nowhere);
  expect(early).toMatchObject({ status: 2, out: '', err: expect.stringContaining('no such fold') });
  expect(early.err).not.toContain('seed 5');
  const twice = await load(...c, '--bundle', bundle, '--html', bundle);
  expect(twice).toMatchObject({ status: 2, out: '' });
  expect(twice.err).toContain('--html: expected another file than that of --bundle');
  const full = await load(...c, '--json-file', '/dev/full', '--bundle', bundle);
  expect(full).toMatchObject({ status: 2, err: expect.stringContaining('no space left') });
  expect(full.out).toContain('to begin (100/s)');
  const merged = await load('merge', bundle);
  expect(merged.out).toContain('to begin (100/s)');
  expect(await load('merge', bundle, '--junit', folder.path)).toMatchObject({ status: 2, out: '' });
});
