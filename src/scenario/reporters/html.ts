import type { ScenarioResult, Summary, TimelineEntry } from '../results.ts';
import {
  countsText,
  failureLines,
  problemTexts,
  type Reporter,
  secondsText,
  timelineLine,
} from './reporter.ts';

/** One page that needs nothing else: each scenario with its timeline, those that failed open. */
export function htmlReporter(): Reporter {
  const sections: string[] = [];
  return {
    begin: () => '',
    result(result) {
      sections.push(section(result));
      return '';
    },
    end: (summary) => page(sections, summary),
  };
}

const style = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fdfdfd; --soft: #6a6a72; --line: #dcdce2;
  --good: #1a7f37; --bad: #c4232b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ec; --paper: #17171a; --soft: #a0a0aa;
  --line: #34343a; --good: #4ac26b; --bad: #ff7b72; } }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } summary { cursor: pointer; padding: .3rem 0; }
details { border-top: 1px solid var(--line); } .file, .time { color: var(--soft); }
.passed { color: var(--good); } .failed, .broken { color: var(--bad); } .skipped { color: var(--soft); }
pre, ol { font: 13px/1.45 ui-monospace, monospace; } pre { overflow-x: auto; white-space: pre-wrap; }
ol { list-style: none; padding: 0 0 0 1rem; } .step { font-weight: 600; } .event { color: var(--soft); }
`;

function page(sections: readonly string[], summary: Summary): string {
  const counts = html(countsText(summary));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fauxlm run: ${counts}</title>
<style>${style}</style>
</head>
<body>
<h1>fauxlm run: ${counts}</h1>
<p class="time">${secondsText(summary.durationMs)} s, seed ${html(summary.seed)}</p>
${sections.join('')}</body>
</html>
`;
}

function section(result: ScenarioResult): string {
  const { status, name, file, durationMs, timeline } = result;
  const open = status === 'failed' || status === 'broken' ? ' open' : '';
  const reason = result.reason === undefined ? '' : `<p>${html(result.reason)}</p>\n`;
  const told =
    status === 'broken' ? problemTexts(result) : failureLines({ ...result, timeline: [] });
  const failure = told.length === 0 ? '' : `<pre>${html(told.join('\n'))}</pre>\n`;
  return `<details${open}>
<summary><b class="${status}">${status}</b> ${html(name)} <span class="file">${html(file)}</span>
<span class="time">${Math.round(durationMs)} ms</span></summary>
${reason}${failure}<ol>
${timeline.map(item).join('')}</ol>
</details>
`;
}

function item(entry: TimelineEntry): string {
  return `<li class="${entry.kind}">${html(timelineLine(entry))}</li>\n`;
}

function html(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text.replace(/[&<>]/g, (character) => escapes[character]!).replaceAll('"', '&quot;');
}
