/**
 * How to provoke FlexNet's errors with fauxlm: every code that a server, a client or a tool of ours
 * answers with, and what brings it about. `test/errors` does what each line says. A code without a
 * line never comes from fauxlm: it is obsolete, or is about what fauxlm does not emulate.
 */
const rows = `
-1    point the license path at a file that is not there: fauxlm checkout F -c nosuch.lic
-2    lmutil lmcksum of a line whose ck= is wrong, or lmreread of files that cannot be served
-3    use a license file without a SERVER line for a counted feature
-4    check out one seat more than the license line counts, while the others are out
-5    ask for a feature that no line names
-7    a program with as many files open as ulimit -n allows that connects by the library
-8    lminstall -overfmt 5 of a line that has SIGN= and no key: fauxlm makes none
-9    ask for a feature whose line has the HOSTID= of another host
-10   put a date that has passed on the feature's line
-12   let a server answer with other bytes than the protocol's
-13   lmutil lmstat -c of a license file that has no SERVER line
-15   point the license path at a port where nobody listens
-16   let the server close the connection in place of its answer
-17   kill the server while the client is sending
-21   ask for a newer version than an uncounted line of the client's own file has
-24   ask for seats while others wait in the queue for more of them than are free
-25   checkout -V with a newer version than the license line's
-26   checkout -n with more seats than the pool has
-29   lmutil lmhostid on a host without an Ethernet address
-30   point the license path at a file that is too large to be a license file
-31   put START= of a day to come on the feature's line
-33   send a request to the server without a hello before it
-34   fauxlm's clients tell no clock; a checkout command of the ledger whose skewMs is above a day
-35   checkout with whenInUse: 'queue' in the library, while all are in use
-38   EXCLUDE the user in the options file
-39   INCLUDE others in the options file
-41   lmutil lmremove of what is not out
-42   call a tool with wrong arguments: lmutil lmstat -nosuch; or ask for 0 seats by messages of your own
-52   let the server take the request and never answer
-63   lmgrd -x lmdown, then lmutil lmdown
-67   BORROW_LOWWATER in the options file, and borrow what must stay
-68   checkout --borrow of a license line without BORROW
-69   ask for a FLOAT_OK line with the license server's host name: checkout --host
-64   lmutil lmremove of a license that went out less than two minutes ago
-77   ask for a version with letters by messages of your own (docs/protocol.md): ours refuse to send it
-82   enable a PACKAGE line that has no COMPONENTS=, and ask for the package
-84   serve a USER_BASED line without INCLUDE lines in the options file
-85   lmutil lmreread to a license manager that is not fauxlm
-87   MAX of the options file below what the user asks for
-88   set the server's clock back by more than a day, and ask for a license that expires
-89   put other platforms in PLATFORMS= of the feature's line
-92   take a feature out of the license file under a client that has it, and lmreread
-96   point the license path at a host that has no address
-97   ask for a vendor daemon that is down, or not on any VENDOR line
-98   lmutil lminstall -odecimal: fauxlm does not write decimal licenses
-99   lmutil lminstall of a file with a line in decimal
-100  lmremove a seat that its client has left and that LINGER keeps
-101  RESERVE every seat for others in the options file
-103  check out an uncounted node-locked line without TS_OK with --remote-desktop
-104  checkout --borrow for longer than BORROW= or MAX_BORROW_HOURS allow
-110  lmutil lmhostid -flexid: there is no dongle
-117  fill the disk of --state, and borrow
-118  checkout --borrow until a day that has passed
-119  lmgrd -local, then lmutil lmdown from another host
-120  borrow a license, then lmutil lmdown without -force
-121  put two dongles into HOSTID= of a FLOAT_OK line, and ask for its feature
-122  make ~/.fauxlmborrow read-only, and lmutil lmborrow -return
-123  return a borrowed license of a vendor that does not allow that
-124  fill the disk of --state, and return a borrowed license
-125  ask for the name of a PACKAGE with OPTIONS=SUITE
-128  lmutil lmborrow -return of what was never borrowed
-140  send the server a message that it does not know
-178  check out a line with ONE_TS_OK with --remote-desktop while another such session has it
-237  MAX_CONNECTIONS 31 in the options file: 30 are kept for tools, and a second application comes
`;

/** By code: what to do, in words for `fauxlm errors`. */
export const provocations: ReadonlyMap<number, string> = new Map(
  [...rows.matchAll(/^(-\d+) +(.+)$/gm)].map(([, code, how]) => [Number(code), how!]),
);
