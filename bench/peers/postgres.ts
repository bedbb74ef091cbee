import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from './peer.ts';
import { freePort, outputOf, programOf, Running, type RunningOptions, userOf } from './programs.ts';

/**
 * One row that everybody counts in, each change committed durably before it is answered, as a license service on a
 * database does it when it does it right. Asked by pgbench, a C program, with prepared statements.
 */
const table = `
CREATE TABLE pools (feature text PRIMARY KEY, used int NOT NULL, total int NOT NULL);
INSERT INTO pools VALUES ('solve', 0, 100000);`;
const pair = `
UPDATE pools SET used = used + 1 WHERE feature = 'solve' AND used < total;
UPDATE pools SET used = used - 1 WHERE feature = 'solve' AND used > 0;
`;

/** Where Debian puts the programs that are not on the PATH; the newest version first. */
function folders(): readonly string[] {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

/** @throws PeerMissing without Debian's postgresql */
export async function startPostgres(): Promise<Peer> {
  const [initdb, postgres, psql, pgbench] = ['initdb', 'postgres', 'psql', 'pgbench'].map((name) =>
    programOf(name, 'postgresql', folders()),
  ) as [string, string, string, string];
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? userOf('postgres') : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-postgres-'));
  const cluster = join(folder, 'cluster');
  mkdirSync(cluster);
  writeFileSync(join(folder, 'pair.sql'), pair);
  if (user) for (const path of [folder, cluster]) chownSync(path, user.uid, user.gid);
  const options: RunningOptions = { cwd: folder, ...user };
  await outputOf(initdb, ['-D', cluster, '-A', 'trust', '-U', 'bench', '-E', 'UTF8'], options);
  const port = await freePort();
  const place = ['-h', folder, '-p', `${port}`, '-U', 'bench'];
  const words = ['-D', cluster, '-p', `${port}`, '-k', folder, '-c', 'listen_addresses='];
  const server = new Running(postgres, words, options);
  await server.ready(() => outputOf(psql, [...place, '-c', 'SELECT 1', 'postgres'], options));
  await outputOf(psql, [...place, '-c', table, 'postgres'], options);
  return {
    name: 'PostgreSQL, a hot row, durable commits',
    pairsPerSecond: async (connections, durationMs) => {
      const load = ['-n', '-M', 'prepared', '-c', `${connections}`, '-f', 'pair.sql'];
      // Whole seconds are all it takes.
      const seconds = `${Math.max(1, Math.round(durationMs / 1000))}`;
      return tpsOf(
        await outputOf(pgbench, [...place, ...load, '-T', seconds, 'postgres'], options),
      );
    },
    stop: async () => {
      await server.stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tpsOf(report: string): number {
  const tps = /^tps = ([\d.]+)/m.exec(report)?.[1];
  const failed = /number of failed transactions: (\d+)/.exec(report)?.[1] ?? '0';
  if (tps === undefined || failed !== '0') throw new Error(`pgbench reports: ${report}`);
  return Number(tps);
}
