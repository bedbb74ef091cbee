import type { ControlPlane } from '../control/control-plane.ts';
import type { LmSimSetting } from '../control/lm-sim/lm-sim.ts';
import { firstOf, type TokenReader } from '../control/tokens.ts';
import { refuseSource } from '../daemon/config-conflicts.ts';
import type { FaultOrder } from '../daemon/faults/order.ts';
import { parentPid } from '../daemon/parent-process.ts';
import { type LicenseServer, newServer } from '../daemon/server.ts';
import type { ServerConfig } from '../daemon/server-config.ts';
import { type TriadView, triadChanged } from '../daemon/triad/triad-view.ts';
import { vendorRestarted } from '../daemon/vendor-lifecycle.ts';
import type { HttpSetting } from './http-setting.ts';
import { settled } from './line-sink.ts';
import type { OperationalLog } from './logger.ts';
import {
  type ReadyFile,
  readyFileOf,
  removeReadyFile,
  removeStaleReadyFile,
  renewReadyFile,
  writeReadyFile,
} from './ready-file.ts';

export type Told =
  | { readonly kind: 'ready'; readonly ready: ReadyFile }
  | { readonly kind: 'triad'; readonly view: TriadView };

export interface Serving {
  readonly log: OperationalLog;
  readonly faults: readonly FaultOrder[];
  readonly ready: (server: LicenseServer, http: string | undefined) => string;
  /** Where the control plane listens; absent: there is none, and its library is not loaded. */
  readonly http?: HttpSetting;
  /** Where the REST of Vantage's simulator listens; absent: it does not. */
  readonly lmSim?: LmSimSetting;
  /** Told what a parent wants to know: that this server is ready, and how its triad stands. */
  readonly tell?: (told: Told) => void;
  /** There while the server serves, and only then. */
  readonly readyFile?: string;
}

/** Stop a server in order. Not SIGHUP: that is logrotate's, or of a terminal that goes away. */
const stopSignals = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Runs a license server until it is stopped, be it while it starts: by a signal or lmdown. Gives the exit status.
 * A second signal while it stops ends the process at once.
 */
export async function runServer(config: ServerConfig, serving: Serving): Promise<number> {
  const { log } = serving;
  const server = newServer({
    ...config,
    notice: (what, details, level) => {
      log.notice(what, details, level);
      if (what === triadChanged) {
        serving.tell?.({ kind: 'triad', view: details as unknown as TriadView });
      }
      renew(what, server, serving);
    },
  });
  stopOnSignals(server);
  reopenOnHangup(server);
  process.on('exit', () => server.flushNow());
  try {
    await serve(server, serving);
  } finally {
    // A pipe that nobody empties would keep the process alive.
    const taken = await Promise.all([log.close(), settled(process.stdout)]);
    if (taken.includes(false)) setImmediate(() => process.exit());
  }
  return 0;
}

/** After these notices other daemons, or other processes of theirs, serve. */
const renewing: ReadonlySet<string> = new Set([
  vendorRestarted,
  'reread',
  'reread failed',
  triadChanged,
]);

/** Keeps the ready file true after a notice: who kills a daemon by its pid must not hit a stranger. */
function renew(what: string, server: LicenseServer, { log, readyFile: path }: Serving): void {
  if (path === undefined || !renewing.has(what)) return;
  try {
    renewReadyFile(path, server);
  } catch (error) {
    log.notice('ready file cannot be renewed', { path, error });
  }
}

async function serve(server: LicenseServer, serving: Serving): Promise<void> {
  const { faults, ready, readyFile } = serving;
  server.faults.check(faults);
  if (readyFile !== undefined) {
    refuseSource(readyFile, server.catalog, 'the ready file');
    removeStaleReadyFile(readyFile);
  }
  await server.start();
  if (server.stopping) return;
  let control: ControlPlane | undefined;
  let lmSim: ControlPlane | undefined;
  try {
    await server.faults.addAll(faults, '--fault');
    lmSim = await startSimulator(server, serving);
    control = await startControl(server, serving.http);
    if (readyFile !== undefined) writeReadyFile(readyFile, readyFileOf(server, control?.url));
    process.stdout.write(ready(server, control?.url));
    serving.tell?.({ kind: 'ready', ready: readyFileOf(server, control?.url) });
    await server.stopped;
  } finally {
    await Promise.all([server.stop(), control?.close(), lmSim?.close()]);
    if (readyFile !== undefined) removeReadyFile(readyFile);
  }
}

/** Loads the HTTP library only for who wants it: it takes longer to load than everything else. */
export async function startControl(
  server: LicenseServer,
  setting: HttpSetting | undefined,
): Promise<ControlPlane | undefined> {
  if (setting === undefined) return undefined;
  const { startControlPlane } = await import('../control/control-plane.ts');
  const { address, tokens, oidc, ...options } = setting;
  const readers: TokenReader[] = tokens === undefined ? [] : [tokens];
  if (oidc !== undefined) {
    const { OidcTokens } = await import('../control/oidc-tokens.ts');
    readers.push(new OidcTokens(oidc));
  }
  const known = readers.length === 0 ? {} : { tokens: firstOf(readers) };
  return startControlPlane(server, address, { ...options, ...known });
}

async function startSimulator(
  server: LicenseServer,
  { lmSim, log }: Serving,
): Promise<ControlPlane | undefined> {
  if (lmSim === undefined) return undefined;
  const { startLmSim } = await import('../control/lm-sim/lm-sim.ts');
  const simulator = await startLmSim(server, lmSim);
  log.notice("REST of Vantage's simulator ready", { url: `${simulator.url}/lm-sim` }, 'info');
  return simulator;
}

/**
 * A terminal's Ctrl-C comes twice where npm stands in between: from the terminal, and passed on by npm. What comes
 * so soon after the first is the same.
 */
const SAME_SIGNAL_MS = 500;

/**
 * SIGHUP asks for new logs. On a terminal it says that this goes away, and ends the server as it ends any program;
 * nohup leaves no terminal, and a server that goes on is what it is for.
 */
function reopenOnHangup(server: LicenseServer): void {
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  if (!onTerminal) process.on('SIGHUP', () => void server.reopenLogs());
}

function stopOnSignals(server: LicenseServer): void {
  let since: number | undefined;
  for (const [name, number] of Object.entries(stopSignals)) {
    process.on(name, () => {
      since ??= performance.now();
      if (performance.now() - since > SAME_SIGNAL_MS) process.exit(128 + number);
      void server.stop(number);
    });
  }
}

const PARENT_LOOK_MS = 500;

/** Ends this process as SIGTERM does when its parent has ended: npm, say, that was killed. */
export function watchParent(): void {
  const look = (): void => {
    if (process.ppid === parentPid) return;
    clearInterval(looks);
    process.kill(process.pid, 'SIGTERM');
  };
  const looks = setInterval(look, PARENT_LOOK_MS);
  looks.unref();
  look();
}
