import { optionsRules } from './in-force.ts';
import type { OptionsFile } from './model.ts';

/** What an options file says of the daemon itself; of several lines of a keyword the last holds. */
export interface DaemonSettings {
  /** MAX_CONNECTIONS, within its bounds; undefined without a line. */
  readonly connectionsMax: number | undefined;
  readonly selectTimeoutSeconds: number;
  /** License data are read again at midnight. */
  readonly automaticReread: boolean;
}

/** Source: LAG 2022 R3, "MAX_CONNECTIONS". */
const CONNECTIONS = { min: 31, max: 1_000_000 };
/** Source: LAG 2024 R1, "DAEMON_SELECT_TIMEOUT": 1 unless set, and anything beyond is brought within. */
const SELECT_SECONDS = { min: 1, max: 60, default: 1 };

/** Sources: LAG, "MAX_CONNECTIONS", "DAEMON_SELECT_TIMEOUT", "AUTOMATIC_REREAD" (on unless switched off). */
export function daemonSettings(file: OptionsFile | undefined): DaemonSettings {
  let connectionsMax: number | undefined;
  let selectTimeoutSeconds = SELECT_SECONDS.default;
  let automaticReread = true;
  for (const { rule } of optionsRules(file)) {
    if (rule.keyword === 'MAX_CONNECTIONS') connectionsMax = within(rule.count, CONNECTIONS);
    else if (rule.keyword === 'DAEMON_SELECT_TIMEOUT') {
      selectTimeoutSeconds = within(rule.seconds, SELECT_SECONDS);
    } else if (rule.keyword === 'AUTOMATIC_REREAD') automaticReread = rule.on;
  }
  return { connectionsMax, selectTimeoutSeconds, automaticReread };
}

function within(value: number, { min, max }: { readonly min: number; readonly max: number }) {
  return Math.min(Math.max(value, min), max);
}
