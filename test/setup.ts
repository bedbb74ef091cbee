import fc from 'fast-check';
import { budgetMs } from './fuzz-cases.ts';

/**
 * The same cases in every run, so that a failure is the change's own; FAUXLM_PROPERTY_SEED for others. fast-check names the
 * seed with each failure. None goes on beyond a fuzz test's time.
 */
fc.configureGlobal({
  seed: Number(process.env['FAUXLM_PROPERTY_SEED'] ?? 20_261_128),
  ...(budgetMs === undefined ? {} : { interruptAfterTimeLimit: budgetMs }),
});
