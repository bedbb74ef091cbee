import type { LicenseServer } from '../daemon/server.ts';
import { EventCounts } from './event-counts.ts';
import { StreamPlaces } from './event-response.ts';
import { HeldCheckouts } from './held-checkouts.ts';
import { JournalStreams } from './journal-streams.ts';
import { KeptAnswers } from './kept-answers.ts';
import { ScenarioRuns, type ScenarioSetting } from './scenario-runs.ts';
import { ScenarioStreams } from './scenario-streams.ts';
import { type StatusView, statusView } from './status-view.ts';
import { TestSessions } from './test-sessions.ts';

/** What the routes of one control plane share. */
export class ControlDesk {
  readonly server: LicenseServer;
  /** Seats that clients of the control plane hold. */
  readonly held: HeldCheckouts;
  /** Tests that share the server. */
  readonly sessions: TestSessions;
  readonly kept: KeptAnswers;
  /** What has happened since the control plane began. */
  readonly counts: EventCounts;
  /** Who watches what happens. */
  readonly streams: JournalStreams;
  /** Who watches runs of scenarios. */
  readonly runStreams: ScenarioStreams;

  /** Absent: nobody may run any. */
  readonly scenarios: ScenarioRuns | undefined;
  readonly #deaf: () => void;

  constructor(server: LicenseServer, scenarios?: ScenarioSetting) {
    this.server = server;
    this.scenarios = scenarios && new ScenarioRuns(scenarios);
    this.held = new HeldCheckouts(server);
    this.sessions = new TestSessions(server);
    this.kept = new KeptAnswers(server);
    this.counts = new EventCounts(server.journal);
    const places = new StreamPlaces();
    this.streams = new JournalStreams(server.journal, places);
    this.runStreams = new ScenarioStreams(places);
    // Whoever has reset the server: the library, another desk, or this one.
    this.#deaf = server.journal.whenCleared(() => this.#beginAnew());
  }

  /** Nothing is held any more, no fault is in force, and the next event is number 1. */
  #beginAnew(): void {
    this.held.close();
    this.sessions.beginAnew();
    this.streams.stir();
  }

  /** What the ledgers have now. */
  async status(): Promise<StatusView> {
    const { server } = this;
    const make = async () => statusView(await server.ledgers.read(), server.clock.now());
    return this.kept.get('status', make, () => 0);
  }

  /** Ends all answers that have no end by themselves. */
  closeStreams(): void {
    this.streams.close();
    this.runStreams.close();
  }

  /** Resolves when no process of it is left. */
  async close(): Promise<void> {
    this.#deaf();
    this.held.close();
    this.counts.close();
    await this.scenarios?.close();
  }
}
