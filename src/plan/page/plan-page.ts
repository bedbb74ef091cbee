import type { Plan } from '../plan.ts';
import { answerSentence } from '../plan-text.ts';

/** The plan as a page that loads nothing from elsewhere. */
export function planPage({ features }: Plan): string {
  const sentences = features.map((plan) => `<p>${escaped(answerSentence(plan))}</p>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>How many seats?</title>
<h1>How many seats?</h1>
${sentences.join('\n')}
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
