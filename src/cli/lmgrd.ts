#!/usr/bin/env node
import { started } from './exit.ts';

const { main } = await started(async () => {
  await (await import('../daemon/wide-rooms.ts')).loadWideRooms();
  return import('./lmgrd-command-line.ts');
});
await main(process.argv.slice(2));
