const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Does something that Ctrl-C ends early: it is told by the signal and still comes to its end. The second Ctrl-C
 * ends the process.
 */
export async function interruptible<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const listener = (): void => {
    for (const signal of signals) process.off(signal, listener);
    controller.abort();
  };
  for (const signal of signals) process.once(signal, listener);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, listener);
  }
}
