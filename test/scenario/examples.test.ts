import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectationTable } from '../../src/scenario/expectation-table.ts';
import { failureLines, problemTexts } from '../../src/scenario/reporters/reporter.ts';
import { stepTable } from '../../src/scenario/step-table.ts';
import { exampleServer, exampleTriad, runSteps } from './make.ts';

const doc = readFileSync('docs/scenarios.md', 'utf8');

describe.each([
  ['step', stepTable],
  ['expectation', expectationTable],
] as const)('the example of each %s is in docs/scenarios.md and runs', (_, table) => {
  test.each(Object.entries(table))('%s', async (name, { example, summary }) => {
    const text = example.replace(/^\n/, '').trimEnd();
    expect(doc, `docs/scenarios.md tells of ${name}`).toContain(`\`${name}\`: ${summary}`);
    expect(doc, `docs/scenarios.md has the example of ${name}`).toContain(
      `\`\`\`yaml\n${text}\n\`\`\``,
    );
    const ofTriad = ['partition', 'heal'].includes(name);
    const servers = ofTriad ? `name: example\n${exampleTriad}` : exampleServer;
    const result = await runSteps(text, '', { servers, update: name === 'recorded' });
    expect([...failureLines(result), ...problemTexts(result)].join('\n')).toBe('');
    expect(result.status).toBe('passed');
  });
});

test('docs/scenarios.md shows the server on which its examples run', () => {
  expect(doc).toContain(exampleServer);
  expect(doc).toContain(exampleTriad);
});
