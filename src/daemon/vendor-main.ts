import { shortOfDescriptors } from './descriptors.ts';
import { endFailed } from './vendor-voice.ts';
import { loadWideRooms } from './wide-rooms.ts';

/**
 * The process of one vendor daemon (`--processes`): told what to be by its manager, and gone when the manager is.
 */
try {
  await loadWideRooms();
  await import('./vendor-child.ts');
} catch (error) {
  const known = shortOfDescriptors(error);
  if (known === undefined) throw error;
  await endFailed(known);
}
