/**
 * For what has a server in its process. Node opens all files of one level of imports at once: the wide rooms come
 * first, or 64 descriptors would not do.
 */
export async function loadWideRooms(): Promise<void> {
  await import('../domain/vendors/index.ts');
  await import('../domain/lint/lint.ts');
  await import('../domain/ledger/ledger.ts');
  await import('./faults/table.ts');
  await import('./vendor-answers.ts');
  await import('./triad/triad.ts');
}
