import { removeWhole, writeWhole } from '../files/whole-file.ts';
import { TriadProcess } from './triad-process.ts';

export interface TriadRun {
  /** Hosts of the SERVER lines. */
  readonly names: readonly string[];
  /** For each member, the words behind `fauxlm serve`. */
  readonly words: readonly (readonly string[])[];
  readonly json: boolean;
  readonly readyFile?: string;
}

/** What `triad --ready-file` holds; a contract with scripts. */
export interface TriadReadyFile {
  /** The three with commas between them: one license server to clients. */
  readonly address: string;
  /** In the order of the SERVER lines. */
  readonly members: readonly {
    readonly name: string;
    readonly address: string;
    readonly port: number;
    readonly pid: number;
    readonly http?: string;
  }[];
  /** Of the process that started them. */
  readonly pid: number;
}

/**
 * Runs the members of a triad until all have ended, or a signal ends them. Gives the exit status: 0 in order, else
 * that of a member that did not start.
 */
export async function runTriad({ names, words, json, readyFile }: TriadRun): Promise<number> {
  if (readyFile !== undefined) removeWhole(readyFile);
  let isReady = false;
  let status = 0;
  const members: TriadProcess[] = [];
  const changed = (): void => {
    if (isReady || !isServing(members)) return;
    isReady = true;
    const ready = readyFileOf(names, members);
    if (readyFile !== undefined) writeWhole(readyFile, `${JSON.stringify(ready)}\n`);
    process.stdout.write(json ? `${JSON.stringify(ready)}\n` : readyLine(ready));
  };
  const stop = (signal: NodeJS.Signals): void => {
    for (const member of members) member.stop(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
  // The primary comes first, as it should. Source: LAG, "Three-Server Redundancy".
  for (const each of words) members.push(new TriadProcess(each, changed));
  try {
    await Promise.all(
      members.map(async (member, place) => {
        const end = await member.ended;
        if (member.ready === undefined && status === 0) status = end.status || 3;
        if (member.ready === undefined) return stop('SIGTERM');
        const how = end.signal ?? `status ${end.status}`;
        process.stderr.write(`fauxlm: member ${names[place]} (pid ${member.pid}) ended: ${how}\n`);
      }),
    );
  } finally {
    stop('SIGKILL');
    if (readyFile !== undefined) removeWhole(readyFile);
  }
  return status;
}

/** All three see each other, and the master's daemons serve. */
function isServing(members: readonly TriadProcess[]): boolean {
  const views = members.map(({ view, ready }) => (ready === undefined ? undefined : view));
  const connected = views.every((view) => view?.up.length === views.length);
  return connected && views.length === 3 && views.some((view) => view?.serving);
}

function readyFileOf(names: readonly string[], members: readonly TriadProcess[]): TriadReadyFile {
  const list = members.map(({ ready, pid }, place) => {
    const { address, port, http } = ready!;
    const control = http === undefined ? {} : { http };
    return { name: names[place]!, address, port, pid, ...control };
  });
  const address = list.map((member) => member.address).join(',');
  return { address, members: list, pid: process.pid };
}

function readyLine({ address, members }: TriadReadyFile): string {
  const list = members.map(({ name, pid }) => `${name} is pid ${pid}`).join(', ');
  return `fauxlm ready: ${address}; ${list}\n`;
}
