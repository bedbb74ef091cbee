import type { BorrowStore } from './borrow-store.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** What was borrowed before a restart goes out again, under new handles. */
export function restoreBorrows(daemon: VendorDaemon, store: BorrowStore): void {
  for (const { number, borrow } of [...store.borrows()]) {
    const last = daemon.apply({ kind: 'restore', borrow }).at(-1);
    if (last?.kind === 'seatTaken') store.bind(number, last.handle);
    else store.drop(number);
  }
  store.tidy().catch((error: unknown) => {
    daemon.options.notice('file of borrowed seats not tidied', { error });
  });
}
