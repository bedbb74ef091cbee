import { expect, test } from 'vitest';
import { fromEnvironment } from '../../src/cli/environment-flags.ts';

const port = { port: { type: 'string' } } as const;

test('a variable is the default of its flag', () => {
  expect(fromEnvironment(port, { FAUXLM_PORT: '27005' })).toEqual({
    port: { type: 'string', default: '27005' },
  });
});

test.each(['tcp://10.0.0.7:27000', 'udp://[fd00::1]:27000', ''])(
  'what Kubernetes says of a service called fauxlm is none: %j',
  (text) => {
    expect(fromEnvironment(port, { FAUXLM_PORT: text })).toEqual(port);
  },
);
