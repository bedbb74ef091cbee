import {
  type ContextManager,
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectClient, startLicenseServer } from '../../src/index.ts';

const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 1 SIGN=00\n';

const exporter = new InMemorySpanExporter();
let server: Awaited<ReturnType<typeof startLicenseServer>>;

beforeEach(async () => {
  exporter.reset();
  server = await startLicenseServer({ licenses: { name: 'a.lic', text } });
});

afterEach(async () => {
  trace.disable();
  await server.stop();
});

function register(): void {
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
}

const connect = (user: string) => connectClient({ server: server.address, user, host: 'ws1' });

test('a checkout is a span that says what was asked of whom, and what came of it', async () => {
  register();
  const ann = await connect('ann');
  await ann.checkout('solve', { version: '1.5' });
  const ben = await connect('ben');
  await ben.checkout('solve');
  await ben.checkout('solve', { whenInUse: 'queue' });
  const asked = { 'license.feature': 'solve', 'license.count': 1, 'server.port': server.port };
  expect(exporter.getFinishedSpans()).toMatchObject([
    {
      name: 'license checkout',
      attributes: {
        ...asked,
        'license.version': '1.5',
        'license.outcome': 'granted',
        'license.vendor': 'acmed',
        'license.pool_version': '2.0',
      },
      status: { code: SpanStatusCode.UNSET },
    },
    {
      attributes: { ...asked, 'license.outcome': 'denied', 'license.error_code': -4 },
      status: { code: SpanStatusCode.ERROR },
    },
    {
      attributes: { ...asked, 'license.outcome': 'queued', 'license.error_code': -35 },
      status: { code: SpanStatusCode.UNSET },
    },
  ]);
  for (const client of [ann, ben]) client.close();
});

test('its parent is the span that is active', async () => {
  register();
  const ann = await connect('ann');
  const job = trace.getTracer('job').startSpan('job');
  const active = trace.setSpan(ROOT_CONTEXT, job);
  const manager: ContextManager = {
    active: () => active,
    with: (_context, work, _this, ...words) => work(...words),
    bind: (_context, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
  await ann.checkout('solve');
  context.disable();
  const [span] = exporter.getFinishedSpans();
  expect(span!.parentSpanContext?.spanId).toBe(job.spanContext().spanId);
  ann.close();
});

test('without a provider nothing is traced, and what cannot be asked throws as ever', async () => {
  const ann = await connect('ann');
  expect(await ann.checkout('solve')).toMatchObject({ ok: true });
  expect(exporter.getFinishedSpans()).toEqual([]);
  register();
  await expect(ann.checkout('a'.repeat(10_000))).rejects.toThrow();
  ann.close();
});
