/** Where a member is reached. Port 0: that is not known yet. */
export interface MemberAddress {
  host: string;
  port: number;
}

/** Which member of its triad a license manager is, and how it reaches the others. */
export interface TriadSetting {
  /** Its SERVER line, from 0. */
  readonly member: number;
  /** Where each member is reached, in the order of the SERVER lines; host and port of the line unless given. */
  readonly addresses?: readonly MemberAddress[];
  /** lmgrd -t: how long a line to another member may take to stand. */
  readonly connectMs?: number;
}

/** What a command line says of it, before anybody has read the license files. */
export interface TriadWish {
  /** Host, `host:port` or place from 1 of its SERVER line; absent: that of this machine, if there are three. */
  readonly member?: string;
  /** Hosts at which the members are reached, in the order of the SERVER lines, at the lines' ports. */
  readonly hosts?: readonly string[];
  readonly connectMs?: number;
}
