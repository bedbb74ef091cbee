import type { Subcommand } from './subcommand.ts';

interface Entry {
  readonly summary: string;
  /** Absent: this version does not have it yet. */
  readonly load?: () => Promise<Subcommand>;
}

/** Every tool, in the order of the usage text. Each is loaded when it is called. */
export const subcommands: Readonly<Record<string, Entry>> = {
  lmborrow: {
    summary: 'borrow a license for use without the server',
    load: async () => (await import('./lmborrow.ts')).lmborrow,
  },
  lmcksum: {
    summary: 'check the ck= values of license lines',
    load: async () => (await import('./lmcksum.ts')).lmcksum,
  },
  lmdiag: {
    summary: 'tell whether licenses can be checked out',
    load: async () => (await import('./lmdiag.ts')).lmdiag,
  },
  lmdown: {
    summary: 'stop license servers or a vendor daemon',
    load: async () => (await import('./lmdown.ts')).lmdown,
  },
  lmhostid: {
    summary: 'print the host ids of this machine',
    load: async () => (await import('./lmhostid.ts')).lmhostid,
  },
  lminstall: {
    summary: 'convert license files between formats',
    load: async () => (await import('./lminstall.ts')).lminstall,
  },
  lmnewlog: {
    summary: 'move the report log to a new file',
    load: async () => (await import('./log-tools.ts')).lmnewlog,
  },
  lmpath: {
    summary: 'show or change the license path',
    load: async () => (await import('./lmpath.ts')).lmpath,
  },
  lmremove: {
    summary: "free a user's license",
    load: async () => (await import('./lmremove.ts')).lmremove,
  },
  lmreread: {
    summary: 'have license and options files read again',
    load: async () => (await import('./lmreread.ts')).lmreread,
  },
  lmstat: {
    summary: 'tell the status of license servers and who uses what',
    load: async () => (await import('./lmstat.ts')).lmstat,
  },
  lmswitch: {
    summary: 'switch the debug log to a new file',
    load: async () => (await import('./log-tools.ts')).lmswitch,
  },
  lmswitchr: {
    summary: 'switch the report log to a new file',
    load: async () => (await import('./log-tools.ts')).lmswitchr,
  },
  lmver: {
    summary: 'tell the FlexNet version of a program file',
    load: async () => (await import('./lmver.ts')).lmver,
  },
};
