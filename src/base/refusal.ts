/**
 * Why FlexNet said no: `major` is the public code (negative), `minor` the undocumented place in its code,
 * `sys` and `sysText` the operating system's reason where there is one. A value, not an exception.
 * Source: FlexNet License Administration Guide, "Error Message Format".
 */
export interface Refusal {
  readonly major: number;
  readonly minor: number;
  readonly sys?: number;
  readonly sysText?: string;
}
