/** Every bound of fauxlm in one place, each with its reason. */
export const limits = {
  /** A frame's length field has 16 bits. */
  frameBytesMax: 65_535,
  /** The largest license files seen (tens of thousands of EDA lines) are under 4 MiB. */
  fileBytesMax: 16 * 1024 * 1024,
  /** FlexNet documents 4,000 characters a logical line; generous, yet a bound on what a rule reads. */
  lineCharactersMax: 64 * 1024,
  /** Lines of a file that are read: 16 MiB of empty lines must not become 16 million objects. */
  linesPerFileMax: 1_000_000,
  /** Words of a file that are read: the files seen have 6 bytes a word or more, 16 MiB of letters have 2. */
  wordsPerFileMax: 4_000_000,
  /** Findings kept per line: a line of junk must not use up what may be said of the others. */
  findingsPerLineMax: 20,
  /** Findings kept per file: a wrong file of a million lines must not become a million objects. */
  findingsPerFileMax: 1_000,
  /** Pairs of an options line and a pool it names: a line may name a package of many components. */
  optionPairsMax: 2_000_000,
  /** Lines that packages come to: one of thousands of components may be enabled thousands of times. */
  componentLinesMax: 250_000,
  /** Per daemon, as real vendor daemons are advised (LAG "Maximum Client Connections": at most 10,000). */
  connectionsMax: 10_000,
  /** A client that has not said a whole hello by then is dropped. */
  handshakeMs: 10_000,
  /** A client without seats that says nothing more after its hello: a status program asks at once. */
  idleMs: 60_000,
  /**
   * The same of a program of ours, which heartbeats every two minutes (LM_A_CHECK_INTERVAL): two that fail to
   * come, and a minute. One that holds seats may be quiet for as long as its connection stands.
   */
  quietMs: 5 * 60_000,
  /**
   * While no connection is left, who has been idle for longer than this gives way to a newcomer: a client that is
   * about to ask does so at once, one on a slow line within a round trip.
   */
  crowdedMs: 1_000,
  /** The same of a client that has not taken its whole answer. */
  crowdedUnreadMs: 10_000,
  /** A client that takes none of the bytes that wait for it: its answers are lost on it. */
  stalledMs: 60_000,
  /** How long a connection that we close may wait for the client's own end, so that it can read our last words. */
  closingMs: 2_000,
  /** Answers collected for one client before they are sent, and before more of its requests are read. */
  answerBytesMax: 64 * 1024,
  /** Bytes a client may leave unread before its connection is closed: two rounds of answers, never reached by one. */
  unsentBytesMax: 256 * 1024,
  /** Usage records told of one feature: seats of an uncounted one go to 4 thousand million. */
  usageRecordsMax: 1_000_000,
  /** A client that has seats and of which nothing was heard: two heartbeats have failed to come, and a minute. */
  silentMs: 5 * 60_000,
  /** A file of borrowed seats: a hundred thousand are some 40 MB. */
  stateBytesMax: 256 * 1024 * 1024,
  /** Requests waiting for a seat, all pools of one daemon together. */
  queueEntriesMax: 100_000,
  /** Checkouts and waiting requests copied to think a queue through: some milliseconds, for which everybody waits. */
  thoughtSeatsMax: 2_000,
  /** Pools copied for that. */
  thoughtPoolsMax: 200,
  /** Explanations that wait to be worked out, all clients of one daemon: each takes up to a tenth of a second. */
  explanationsWaitingMax: 100,
  /** Events kept in memory for journal queries. */
  journalEventsMax: 100_000,
  /** Text of clients in those events: ordinary ones have a fifth of it. */
  journalCharactersMax: 32 * 1024 * 1024,
  /** Events that wait for a manager to read them (--processes): as many as its journal keeps. */
  feedEventsMax: 100_000,
  /** Text of clients in those, for the same reason. */
  feedCharactersMax: 32 * 1024 * 1024,
  /** Text a client may send per field of our own messages. */
  fieldCharactersMax: 1_024,
  /** Text of one identity, all its fields and host ids together: each seat and each event keeps one. */
  identityCharactersMax: 4_096,
  /** Host ids a client may name: a machine has a few network cards. */
  hostidsMax: 64,
  /** Checkouts out at a time, all of one daemon: seats of an uncounted feature never run out by themselves. */
  checkoutsMax: 1_000_000,
  /** Text of clients kept with their seats, all of one daemon: a million ordinary checkouts have half of it. */
  heldCharactersMax: 128 * 1024 * 1024,
  /** Debug-log bytes kept in memory while the disk does not take them. */
  logBytesPendingMax: 16 * 1024 * 1024,
  /** Body of an HTTP request to the control plane. */
  httpBodyBytesMax: 1024 * 1024,
  /** Connections of the control plane: a test suite's workers, and who watches. */
  httpConnectionsMax: 100,
  /** Requests that the control plane answers at the same time, on whatever connections. */
  httpRequestsMax: 200,
  /** Licenses held over the control plane: each has a connection of its own. */
  httpCheckoutsMax: 1_000,
  /** Tests that share a server by sessions. */
  httpSessionsMax: 1_000,
  /** Scenarios that are run over HTTP at a time: each is a process with servers of its own. */
  scenarioRunsMax: 2,
  scenarioRunsWaitingMax: 20,
  /** Runs whose results are kept. */
  scenarioRunsKeptMax: 50,
  /** What one of them tells. */
  scenarioOutputCharactersMax: 1024 * 1024,
  /** A run is given up after ten minutes. */
  scenarioRunMs: 10 * 60_000,
  /** Scenario files of a folder. */
  scenariosListedMax: 10_000,
  /** Licenses made over the REST of Vantage's simulator: each is a line that every reread reads. */
  lmSimLicensesMax: 1_000,
  /** Streams of events that the control plane sends at a time: half of its connections. */
  httpStreamsMax: 50,
  /** Requests of another machine that are answered a second, and at once after a pause. */
  httpRate: { perSecond: 100, atOnce: 1_000 },
  /** Wrong tokens of one address: 20 at once, then one every three seconds. */
  httpWrongTokens: { perSecond: 1 / 3, atOnce: 20 },
  /** Addresses whose requests are counted. */
  httpRatedMax: 10_000,
  /** Tokens of a control plane. */
  httpTokensMax: 1_000,
  /** What an OpenID Connect issuer says of itself, or its keys: they have a few thousand. */
  oidcCharactersMax: 256 * 1024,
  /** Requests of one connection, which then is closed: nobody needs one for ever. */
  httpRequestsPerConnectionMax: 10_000,
  /** A request's headers, and the whole of it, have come by then. */
  httpHeadersMs: 10_000,
  httpRequestMs: 30_000,
  /** A connection kept open between two requests. */
  httpIdleMs: 60_000,
  /** Moves of the clock that wait for those before them. */
  clockMovesMax: 1_000,
  /** The longest duration: a hundred years. Each vendor daemon stamps the log four times a day of it. */
  durationMsMax: 36_525 * 24 * 3_600_000,
  /** The end of the year 9999: FlexNet's dates have four digits of year. */
  clockMsMax: Date.UTC(9999, 11, 31, 23, 59, 59, 999),
  /** Faults armed at a time: each is asked about each message. */
  faultsMax: 1_000,
  /** Elements of a license path. */
  licensePathElementsMax: 1_000,
  /** License files of one server: a directory may hold many. */
  licenseFilesMax: 1_000,
  /** Characters of one server's lmstat that are compared with another's: some half a million users. */
  statusTextMax: 64 * 1024 * 1024,
  /** Sessions that one load generator has in progress: more than ten for each connection that a daemon takes. */
  loadSessionsMax: 200_000,
  /** Sessions that a load is planned to have: some hours at what one machine can do. */
  loadArrivalsMax: 200_000_000,
  /** Users of a load, and connections that it holds: as many as three daemons take. */
  loadUsersMax: 30_000,
  /** Monitors of a load: as many as one kind of them may be. */
  loadMonitorsMax: 10_000,
  /** Threads of one load generator: machines have fewer processors than this. */
  loadWorkersMax: 256,
  /** Parts of one run. */
  loadShardsMax: 1_000,
  /** Levels of mappings and lists in a YAML file: a scenario's steps in steps in steps have a dozen. */
  documentDepthMax: 50,
  /** Scenario files of one run. */
  scenarioFilesMax: 10_000,
  /** Rows of one scenario's matrix. */
  scenarioRowsMax: 1_000,
  /** Files that one scenario puts in, each as often as it does: parts of parts of parts multiply. */
  scenarioIncludesMax: 1_000,
  /** Steps that one scenario takes, those of its repeats counted each time. */
  scenarioStepsMax: 100_000,
  /** Sessions that a load step is planned to have, and things that happen in it: a transcript is read by people. */
  scenarioLoadSessionsMax: 2_000,
  scenarioLoadTurnsMax: 20_000,
  /** Times a scenario looks again whether something has come true by now. */
  scenarioLooksMax: 1_000,
  /** Steps of a scenario that is recorded from a log: more than anybody reads, and a minute to replay. */
  recordedStepsMax: 10_000,
  /** Characters kept of what a program of a scenario prints. */
  scenarioOutputMax: 4 * 1024 * 1024,
  /** Different features, users at hosts and daemons of one ingest: ten years of a large site have a tenth of it. */
  logNamesMax: 2_000_000,
  /** Midnights and long pauses between two lines of a debug log that tell the date. */
  logSeamsMax: 10_000,
  /** Remarks on dates, gaps and lines kept per log; more are counted. */
  logNotesMax: 1_000,
  logStrangeLinesMax: 1_000,
  /** Seats of one log that are out at the same time. */
  logSeatsMax: 1_000_000,
  /** Lines of one output of lmstat: as many seats as may be out, and some. */
  lmstatLinesMax: 2_000_000,
  /** Bytes of a range of samples in JSON, and rows of a table of them: they are read as a whole. */
  sampleBytesMax: 128 * 1024 * 1024,
  sampleRowsMax: 5_000_000,
  /** Files of one folder of samples: one every five minutes for nine years. */
  sampleFilesMax: 1_000_000,
} as const;
