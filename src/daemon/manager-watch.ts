/** Our manager's process, which has only just made us. */
const managerPid = process.ppid;

/** It was there when it was looked at last, and nothing has come to us since. */
let wasSeen = false;

/**
 * Whether the manager of this process is there. A process whose parent ends has another at once, while the end of the
 * channel between them is an event among others: a request that stands before it must not be granted any more. (On
 * Windows the parent's number stays, and the channel's end has to do.)
 *
 * A look is a call of the system, so that all messages of one read make do with one.
 */
export function managerLives(): boolean {
  if (wasSeen) return true;
  if (process.ppid !== managerPid) return false;
  wasSeen = true;
  queueMicrotask(forget);
  return true;
}

function forget(): void {
  wasSeen = false;
}
