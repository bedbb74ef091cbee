import { KnownError } from '../base/errors.ts';
import { renderShortError } from '../text/error-message.ts';
import type { Refused } from './refused.ts';

/** FlexNet's code for a peer that does not answer in time. */
const NO_ANSWER = -52;

/** No license manager answers where `server` says: NET_UNREACHABLE or NET_TIMEOUT, the code in `details.refusal`. */
export function unreachableServer(
  server: string,
  { refusal, explanation = [] }: Refused,
): KnownError {
  const got = [renderShortError(refusal), ...explanation].join(' ');
  const code = refusal.major === NO_ANSWER ? 'NET_TIMEOUT' : 'NET_UNREACHABLE';
  return new KnownError(code, `${server}: expected a license manager, got: ${got}`, { refusal });
}
