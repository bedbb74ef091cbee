import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * Intel's compilers and tools.
 * Sources: Intel, "How does floating license checkout work?" (the daemon's usual port, the variable, the walk
 * over serial numbers, what makes a license valid, who needs a seat of his own) and "Ports of Software License
 * Manager".
 * unverified: the log's default place, from memory of Intel's installers: no source at hand names it, and on Linux the
 * name of the file is a guess.
 * unverified: that lines without DUP_GROUP share by user and host, as Intel's own lines say; the tags of Linux.
 */
export const intel: VendorPolicy = {
  ...defaultPolicy('INTEL'),
  defaultPort: 28519,
  debugVariable: 'INTEL_LMD_DEBUG',
  defaultLogPath: {
    linux: '/opt/intel/serverflexlm/iflexlm.log',
    win32: 'C:\\Program Files (x86)\\Common Files\\Intel\\ServerFLEXlm\\Iflexlmlog.txt',
  },
  poolBySerialNumber: true,
  serialSharing: 'UH',
  seatSharing: 'UH',
  seatPerNode: ['x64_lsb', 'i86_lsb', 'it64_lsb', 'x64_l', 'i86_l', 'it64_l'],
  logsWalk: true,
  versionIsBuildDate: true,
};
