import type { TextOrigin } from './file-texts.ts';

/** A server as a scenario wants it: files as texts. */
export interface ServerSetup {
  readonly name: string;
  readonly license: string;
  readonly licenseAt?: TextOrigin;
  readonly options: Readonly<Record<string, string>>;
  readonly lenient: boolean;
  readonly singlePort: boolean;
  /** Its vendor daemons listen where PORT= says, not on free ports. */
  readonly fixedPorts: boolean;
  /** In which it counts days and writes its log; UTC unless given. */
  readonly timeZone?: string;
  /** The name of the triad that it is a member of, by the host of its SERVER line. */
  readonly triad?: string;
  /** Started with the scenario; else by a step. */
  readonly started: boolean;
  /** Seconds before lmremove may take a license back. */
  readonly lmremoveAge?: number;
}
