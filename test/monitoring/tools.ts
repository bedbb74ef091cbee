import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a tool of Prometheus printed, and how it ended. */
export interface Checked {
  readonly status: number;
  readonly text: string;
}

/** Where a program of this name is; undefined where it is not installed (.ci/monitoring does so). */
export function toolPath(name: 'promtool' | 'amtool' | 'prometheus-alertmanager') {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Runs one to its end. */
export function checked(path: string, words: readonly string[]): Promise<Checked> {
  return new Promise((done) => {
    execFile(path, words, (error, out, err) =>
      done({ status: error === null ? 0 : Number(error.code ?? 1), text: out + err }),
    );
  });
}

/** Names of our metrics in an expression of PromQL; recorded ones, which have colons, are no metrics. */
export function metricsIn(expression: string): readonly string[] {
  return expression.match(/\b(?:fauxlm|flexlm)_[a-z_]+\b(?!:)/g) ?? [];
}
