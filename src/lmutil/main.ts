import { main } from './lmutil.ts';
import { processIo } from './process-io.ts';

// exitCode, not exit(): what was printed may still be on its way through a pipe.
main(process.argv, processIo()).then((status) => {
  process.exitCode = status;
});
