import type { Clock } from '../base/clock.ts';
import { clientContext } from '../client/context.ts';
import { askExplanations } from '../client/explanations.ts';
import { parseLicensePath } from '../client/license-path.ts';
import { isRefused, reasonText } from '../client/refused.ts';
import { explanationLines } from '../text/explanation.ts';
import type { StandCheckout } from './stand.ts';

/** The longest wait for an answer of whoever is to explain a failure: it may be what has failed. */
const PATIENCE_MS = 2_000;

/** Has the servers say why a request gets the answer that it gets. Nothing, where none answers. */
export async function explainCheckout(
  request: StandCheckout,
  path: string,
  clock: Clock,
): Promise<readonly string[]> {
  const { feature, count, version, data, user, host, display, project, vendor } = request;
  const as = {
    ...{ user, host },
    ...(display === undefined ? {} : { display }),
    ...(project === undefined ? {} : { project }),
  };
  const context = clientContext({
    clock,
    connectTimeoutMs: PATIENCE_MS,
    answerTimeoutMs: PATIENCE_MS,
  });
  const elements = parseLicensePath(path, { origin: 'the scenario', platform: process.platform });
  const asked = { feature, count, version, data, as, ...(vendor === undefined ? {} : { vendor }) };
  const all = await askExplanations(asked, elements, context);
  return all.flatMap(({ where, said }) => {
    return isRefused(said) ? [`${where}: ${reasonText(said)}`] : explanationLines(said);
  });
}
