import { z } from 'zod';
import { errorCodes } from '../base/errors.ts';
import { type PlainRoute, plainRoutes } from './plain-routes.ts';
import { type Route, roleOf } from './route.ts';
import { routes } from './routes.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A zod schema as JSON Schema; what schemas cannot say (a transformed text) is said as it is sent. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return plain;
}

/** Statuses that a route may fail with, and what with. */
const failures = {
  400: 'something in the request is wrong',
  401: 'a token is missing, or wrong',
  403: 'the role, the Host or the Origin does not allow it, or the license server',
  409: 'it cannot be done as things stand',
  429: 'too many requests',
  503: 'too much at a time, or the license server does not answer',
} as const;

let written: string | undefined;

/** The document that describes every route, as JSON. */
export function openApi(): string {
  written ??= JSON.stringify(document());
  return written;
}

function document() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of routes) {
    paths[row.path] ??= {};
    paths[row.path]![row.method.toLowerCase()] = operationOf(row);
  }
  for (const row of plainRoutes) paths[row.path] = { get: plainOperationOf(row) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'fauxlm control plane',
      version: '1',
      description: 'Shows and steers a fauxlm license server. See docs/control-plane.md.',
    },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: jsonSchema(errorSchema, 'output') },
    },
  };
}

const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum(Object.keys(errorCodes) as [string, ...string[]]),
    message: z.string().describe('where: expected what, got what'),
    hint: z.string().describe('what to do about it'),
  }),
});

function headOf(method: string, path: string, summary: string, role: string) {
  const words = path.split(/[^a-z]+/).filter(Boolean);
  const operationId = [method.toLowerCase(), ...words].join('-');
  const open = role === 'anyone';
  return { operationId, summary, 'x-role': role, security: open ? [{}] : [{}, { token: [] }] };
}

function headerParameter(name: string, description: string) {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

const sessionParameter = headerParameter('Fauxlm-Session', 'the session that the request is of');
const lastEventParameter = headerParameter(
  'Last-Event-ID',
  'goes on behind this event, whatever `from` says',
);

/** Of a route whose answer is no JSON of a schema. */
function plainOperationOf({ path, summary, role, type, query, goesOn }: PlainRoute) {
  const [media] = type.split(';');
  const taken = [...(query ? parametersOf(query) : []), ...(goesOn ? [lastEventParameter] : [])];
  return {
    ...headOf('GET', path, summary, role),
    ...(taken.length === 0 ? {} : { parameters: taken }),
    responses: {
      200: { description: summary, content: { [media!]: {} } },
      ...(query ? Object.fromEntries(Object.entries(failures).map(failureOf)) : {}),
    },
  };
}

function operationOf(row: Route) {
  const { method, path, summary, query, body, answer, scoped } = row;
  return {
    ...headOf(method, path, summary, roleOf(row)),
    ...(query === undefined && !scoped
      ? {}
      : {
          parameters: [
            ...(query ? parametersOf(query) : []),
            ...(scoped ? [sessionParameter] : []),
          ],
        }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(body, 'input') } },
          },
        }),
    responses: {
      200: {
        description: summary,
        content: { 'application/json': { schema: jsonSchema(answer, 'output') } },
      },
      ...Object.fromEntries(Object.entries(failures).map(failureOf)),
    },
  };
}

function failureOf([status, description]: [string, string]) {
  const schema = { $ref: '#/components/schemas/Error' };
  return [status, { description, content: { 'application/json': { schema } } }] as const;
}

function parametersOf(query: z.ZodType) {
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const told = description ? { description } : {};
    return { name, in: 'query', required: required.includes(name), ...told, schema };
  });
}
