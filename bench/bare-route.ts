/**
 * The floor of an answer over HTTP: a bare Fastify route that sends the bytes of a file, whatever is asked. It listens
 * on a free port and prints it as JSON.
 */
import { readFileSync } from 'node:fs';
import fastify from 'fastify';

const bytes = readFileSync(process.argv[2]!);
const app = fastify();
app.get('/*', (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes));
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(
  `${JSON.stringify({ port: (app.server.address() as { port: number }).port })}\n`,
);
