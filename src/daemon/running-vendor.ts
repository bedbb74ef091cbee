/** A running vendor daemon. Port 0: it shares the manager's (single port), or is down. */
export interface RunningVendor {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly up: boolean;
}
