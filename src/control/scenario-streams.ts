import type { ServerResponse } from 'node:http';
import { EventResponse, eventFrame, type StreamPlaces } from './event-response.ts';
import type { ScenarioRun } from './scenario-run.ts';
import { runStateOf } from './scenario-schemas.ts';

/** Lines written at a time: other connections have their turn in between. */
const PIECE = 200;

/** Streams of runs of scenarios to those who watch them (Server-Sent Events). */
export class ScenarioStreams {
  readonly #places: StreamPlaces;
  readonly #open = new Set<EventResponse>();

  constructor(places: StreamPlaces) {
    this.#places = places;
  }

  /**
   * Streams what a run tells, from line `from` on, until it has ended. Who has had all of a run that has ended, its
   * end included, is answered 204: a browser's EventSource then asks no more.
   * @throws KnownError CONTROL_BUSY when there are as many streams as may be
   */
  open(response: ServerResponse, run: ScenarioRun, from = 1): void {
    if (run.hasEnded && from > run.told + 1) {
      response.writeHead(204, { 'cache-control': 'no-store' }).end();
      return;
    }
    this.#places.take(response);
    const stream = new RunStream(response, run, from);
    this.#open.add(stream.response);
    const deaf = run.listen(() => stream.stir());
    response.once('close', () => {
      deaf();
      this.#open.delete(stream.response);
    });
    stream.stir();
  }

  /** Ends all of them. */
  close(): void {
    for (const response of this.#open) response.end();
  }
}

/** What one reader has had of a run: lines wait in the run itself, which keeps the latest, never here. */
class RunStream {
  readonly response: EventResponse;
  readonly #run: ScenarioRun;
  /** Number of the next line to send. */
  #next: number;
  #toldState = '';
  #isDue = false;

  constructor(response: ServerResponse, run: ScenarioRun, from: number) {
    this.#run = run;
    // A number of a line that is not there yet may be an old run's.
    this.#next = Math.min(Math.max(from, 1), run.told + 1);
    const comment = `what run ${run.id} tells, each line with its number as id`;
    this.response = new EventResponse(response, { comment, drained: () => this.stir() });
  }

  /** In a turn of its own: many lines come at once. */
  stir(): void {
    if (this.#isDue || this.response.isBlocked) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.response.isBlocked) return;
    const { lines, dropped, told, state, hasEnded } = this.#run;
    const frames: string[] = [];
    if (state !== this.#toldState && !hasEnded) frames.push(this.#stateFrame('state'));
    if (this.#next <= dropped) {
      frames.push(eventFrame('missed', JSON.stringify({ from: this.#next, to: dropped })));
      this.#next = dropped + 1;
    }
    const first = this.#next - dropped - 1;
    for (const line of lines.slice(first, first + PIECE))
      frames.push(eventFrame('told', jsonOf(line), this.#next++));
    const isAll = this.#next > told;
    if (hasEnded && isAll) frames.push(this.#stateFrame('end', told + 1));
    if (frames.length > 0) this.response.write(frames.join(''));
    if (hasEnded && isAll) this.response.end();
    else if (!isAll) this.stir();
  }

  #stateFrame(name: 'state' | 'end', id?: number): string {
    const { errors, state } = this.#run;
    this.#toldState = state;
    const run = runStateOf(this.#run);
    return eventFrame(name, JSON.stringify(name === 'end' ? { run, errors } : { run }), id);
  }
}

/** A program of the scenario may have written to the same output. */
function jsonOf(line: string): string {
  try {
    JSON.parse(line);
    return line.trim();
  } catch {
    return JSON.stringify(line);
  }
}
