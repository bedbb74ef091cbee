import type { CheckoutRequest } from './checkout-request.ts';
import { type Endpoint, endpointText } from './license-path.ts';
import { type Refused, reasonText } from './refused.ts';
import type { Granted } from './session-answers.ts';

/** What the client log says of a checkout that a daemon has answered. */
export function checkoutWords(
  { feature, version, count }: CheckoutRequest,
  answer: Granted | Refused,
  daemon: { readonly vendor: string; readonly daemon: Endpoint },
): string {
  const said = answer.ok
    ? `granted, handle ${answer.handle}, pool v${answer.poolVersion}`
    : reasonText(answer);
  const where = `${daemon.vendor} at ${endpointText(daemon.daemon)}`;
  return `${feature} v${version}, ${count} of ${where}: ${said}`;
}
