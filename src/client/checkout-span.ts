import type { CheckoutRequest } from './checkout-request.ts';
import type { ClientCheckout, ClientRefusal } from './client-answers.ts';
import type { Endpoint } from './license-path.ts';

type Api = typeof import('@opentelemetry/api');

/** Where every version 1 of OpenTelemetry's API keeps the providers that a program has registered. */
const registered = Symbol.for('opentelemetry.js.api.1');

let api: Promise<Api | undefined> | undefined;

/** The package is an optional peer: who registers a provider has it. */
function loadApi(): Promise<Api | undefined> {
  api ??= import('@opentelemetry/api').catch(() => undefined);
  return api;
}

/**
 * Makes a checkout, as a span of its own where the program traces (OpenTelemetry's API with a provider registered);
 * elsewhere this is a look at one property.
 */
export async function inCheckoutSpan(
  { feature, version, count }: CheckoutRequest,
  { host, port }: Endpoint,
  checkout: () => Promise<ClientCheckout | ClientRefusal>,
): Promise<ClientCheckout | ClientRefusal> {
  if (!(registered in globalThis)) return checkout();
  const loaded = await loadApi();
  if (loaded === undefined) return checkout();
  const { SpanKind, SpanStatusCode, trace } = loaded;
  const span = trace.getTracer('fauxlm').startSpan('license checkout', {
    kind: SpanKind.CLIENT,
    attributes: {
      'license.feature': feature,
      'license.version': version,
      'license.count': count,
      'server.address': host,
      'server.port': port,
    },
  });
  try {
    const outcome = await checkout();
    if (outcome.ok) {
      const { vendor, handle, poolVersion } = outcome;
      span.setAttributes({ 'license.outcome': 'granted', 'license.vendor': vendor });
      span.setAttributes({ 'license.handle': handle, 'license.pool_version': poolVersion });
      return outcome;
    }
    const { refusal, text, queued } = outcome;
    span.setAttribute('license.outcome', queued === undefined ? 'denied' : 'queued');
    span.setAttribute('license.error_code', refusal.major);
    if (queued === undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: text });
    return outcome;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
    throw error;
  } finally {
    span.end();
  }
}
