import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LicenseServer } from '../daemon/server.ts';
import type { ControlDesk } from './control-desk.ts';
import { sameMarks } from './kept-answers.ts';
import type { LiveFields, Route } from './route.ts';

/** Characters of an answer that leaves in one piece with its headers; what is longer is encoded once, not each time. */
const SHORT = 16 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';

type Payload = string | Buffer;

/** Answers a row whose answers are kept; one that is there already goes out without waiting for anything. */
export function keptHandler(
  answer: (request: FastifyRequest) => Promise<unknown>,
  { path, query, live }: Pick<Route, 'path' | 'query' | 'live'>,
  { kept, server }: Pick<ControlDesk, 'kept' | 'server'>,
) {
  const whole = live === undefined ? (payload: Payload) => payload : joining(live, server);
  const sizeOf = ({ length }: Payload): number => length;
  return (request: FastifyRequest, reply: FastifyReply): unknown => {
    const make = async () => packed(JSON.stringify(await answer(request)));
    const found = kept.get<Payload>(query === undefined ? path : request.url, make, sizeOf);
    const send = (payload: Payload) => reply.type(JSON_TYPE).send(whole(payload));
    return found instanceof Promise ? found.then(send) : send(found);
  };
}

function packed(json: string): Payload {
  return json.length <= SHORT ? json : Buffer.from(json);
}

/** Puts what is live behind what is kept: of two JSON objects, neither empty, one. */
function joining(live: LiveFields, server: LicenseServer): (kept: Payload) => Payload {
  let last: { readonly marks: readonly unknown[]; readonly whole: string } | undefined;
  return (kept) => {
    const marks = [kept, ...live.marks(server)];
    if (last === undefined || !sameMarks(marks, last.marks)) {
      const fields = JSON.stringify(live.fields(server));
      last = { marks, whole: `${kept.toString().slice(0, -1)},${fields.slice(1)}` };
    }
    return last.whole;
  };
}
