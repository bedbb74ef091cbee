import type { Clock } from '../base/clock.ts';
import { DaemonLog } from './daemon-log.ts';
import type { LogFile } from './log-file.ts';
import { LogFiles } from './log-files.ts';
import type { Notice, ServerConfig } from './server-config.ts';

/** A server's debug log as one process writes it, and every other file that this process writes lines to. */
export class ServerLogs {
  readonly files: LogFiles;
  readonly #config: Pick<ServerConfig, 'log' | 'logStyle'>;
  readonly #clock: Clock;
  readonly #file: LogFile | undefined;

  /** `writer` is in whose name it says that lines were lost. Lines gather until `open`. */
  constructor(
    config: Pick<ServerConfig, 'log' | 'logStyle'>,
    { clock, notice, writer }: { clock: Clock; notice: Notice; writer: string },
  ) {
    this.files = new LogFiles(notice);
    this.#config = config;
    this.#clock = clock;
    const lossLine = (lines: number): string => this.of(writer).lossLine(lines);
    this.#file = config.log && this.files.take({ ...config.log, lossLine });
  }

  /** @throws KnownError FILE_UNREADABLE when it cannot be opened */
  open(): void {
    this.#file?.open();
  }

  /** What a daemon writes its lines through. */
  of(daemon: string): DaemonLog {
    const style = this.#config.logStyle ?? 'time';
    return new DaemonLog(daemon, { file: this.#file, clock: this.#clock, style });
  }
}
