import { expect, test } from 'vitest';
import { contentPolicy, docsPage } from '../../src/control/docs-page.ts';
import { openApi } from '../../src/control/open-api.ts';
import { plainRoutes } from '../../src/control/plain-routes.ts';
import { routes } from '../../src/control/routes.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly content: Record<string, { schema?: object }> }>;
}

const document = JSON.parse(openApi()) as {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
};

test('OpenAPI has each route with what it takes and answers, and no other', () => {
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const all = [
    ...routes.map(({ method, path }) => `${method} ${path}`),
    ...plainRoutes.map(({ path }) => `GET ${path}`),
  ];
  expect(described.sort()).toEqual(all.sort());
  for (const { method, path, summary, body, query, scoped = false } of routes) {
    const operation = document.paths[path]![method.toLowerCase()]!;
    expect(operation.summary).toBe(summary);
    expect(operation.requestBody !== undefined, path).toBe(body !== undefined);
    expect((operation.parameters ?? []).length > 0, path).toBe(query !== undefined || scoped);
    expect(operation.responses['200']!.content['application/json']!.schema).toBeTypeOf('object');
  }
});

test('operations are told apart by their ids', () => {
  const ids = Object.values(document.paths).flatMap((operations) =>
    Object.values(operations).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('every reference of the document leads somewhere', () => {
  const references = [...openApi().matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name!);
});

test('the page of routes names each, loads nothing from elsewhere and runs nothing of its own', () => {
  const page = docsPage();
  for (const { method, path } of routes) expect(page).toContain(`<code>${method} ${path}</code>`);
  expect(page).not.toMatch(/https?:\/\/|<script|style=|\son[a-z]+=/);
  expect(contentPolicy).not.toMatch(/unsafe|\*|https?:/);
});
