/** Who starts a process may give it its own number by this: between two of ours nothing is left to chance. */
const NUMBER_OF_PARENT = 'FAUXLM_PARENT_PID';

/**
 * The process that started this one. A process whose parent has ended has another at once, so what the system says
 * counts only from when it is asked: here, before anything else is loaded.
 */
export const parentPid = Number(process.env[NUMBER_OF_PARENT] ?? process.ppid);
// Processes that this one starts have another parent.
delete process.env[NUMBER_OF_PARENT];

/** What the environment of a process has that is to end with this one, whenever that is (`--stop-with-parent`). */
export const asParent = { [NUMBER_OF_PARENT]: `${process.pid}` } as const;
