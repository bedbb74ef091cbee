import type { z } from 'zod';
import { escaped } from '../text/markup.ts';
import { jsonSchema } from './open-api.ts';
import { plainRoutes } from './plain-routes.ts';
import { roleOf } from './route.ts';
import { routes } from './routes.ts';

/** What a browser may do with a page of ours: load its own scripts and styles, ask its own server, nothing else. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

let written: string | undefined;

/** The routes as a page to read. */
export function docsPage(): string {
  written ??= page();
  return written;
}

function page(): string {
  const plain = plainRoutes.map((row) => ({ ...row, method: 'GET' as const }));
  const rows = [
    ...routes.map((row) => ({ ...row, role: roleOf(row), input: row.body ?? row.query })),
    ...plain.map((row) => ({ ...row, input: row.query })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const sections = rows.map(
    ({ method, path, summary, role, input }) => `<section>
<h2><code>${method} ${escaped(path)}</code></h2>
<p>${escaped(summary)} <small>(${role})</small></p>${fieldsOf(method, input)}
</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fauxlm control plane: routes</title>
<link rel="stylesheet" href="/page.css">
</head>
<body class="docs">
<main>
<h1>Routes of the control plane</h1>
<p>The same for programs: <a href="/openapi.json">/openapi.json</a>. The server: <a href="/">/</a>.</p>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function fieldsOf(method: string, input: z.ZodType | undefined): string {
  if (input === undefined) return '';
  const schema = jsonSchema(input, 'input') as Shape;
  const shapes = schema.anyOf ?? [schema];
  const tables = shapes.map(({ properties = {}, required = [] }) => {
    const rows = Object.entries(properties).map(([name, { description = '', type = '' }]) => {
      const need = required.includes(name) ? 'needed' : '';
      const cells = [String(type), need, description].map((cell) => `<td>${escaped(cell)}</td>`);
      return `<tr><th scope="row"><code>${escaped(name)}</code></th>${cells.join('')}</tr>`;
    });
    return rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
  });
  const where = method === 'GET' ? 'Behind the ?' : 'Body, as JSON';
  const told = tables.filter(Boolean).join('\n<p>or</p>\n');
  return told === '' ? '' : `\n<p>${where}:</p>\n${told}`;
}

interface Shape {
  readonly properties?: Readonly<Record<string, { description?: string; type?: unknown }>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Shape[];
}
