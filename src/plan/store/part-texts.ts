import { closings } from '../scan/history.ts';
import { clientOfText, type LogClient, type LogFeature, type LogNames } from '../scan/log-names.ts';
import { logEvents } from '../scan/seat-block.ts';

/** What numbers of rows stand for, by the name of a column of texts. */
export type PartTexts = Readonly<Record<TextColumn, (id: number) => string>>;

type TextColumn = 'kind' | 'daemon' | 'feature' | 'user' | 'host' | 'reason' | 'closing';

/** Who knows the names behind the numbers. */
type Names = Pick<LogNames, 'feature' | 'client' | 'reasonText'>;

export function textsOf(names: Names): PartTexts {
  return {
    kind: (id) => logEvents[id]!,
    daemon: (id) => names.feature(id).daemon,
    feature: (id) => names.feature(id).feature,
    user: (id) => names.client(id).user,
    host: (id) => names.client(id).host,
    reason: (id) => names.reasonText(id),
    closing: (id) => closings[id]!,
  };
}

/** Names whose numbers follow those that were told before. */
export interface NewNames {
  readonly features: readonly LogFeature[];
  /** `ann@ws1` */
  readonly clients: readonly string[];
  readonly reasons: readonly string[];
}

/** Tells another thread what names there are, each once. */
export class NamesTeller {
  readonly #names: LogNames;
  #features = 0;
  #clients = 0;
  #reasons = 0;

  constructor(names: LogNames) {
    this.#names = names;
  }

  /** What has come since it was asked last. */
  news(): NewNames {
    const names = this.#names;
    const features: LogFeature[] = [];
    const clients: string[] = [];
    const reasons: string[] = [];
    while (this.#features < names.features.size) features.push(names.feature(this.#features++));
    while (this.#clients < names.clients.size) clients.push(names.clients.textOf(this.#clients++));
    while (this.#reasons < names.reasonCount) reasons.push(names.reasonText(this.#reasons++));
    return { features, clients, reasons };
  }
}

/** Names that another thread has told. */
export class ToldNames implements Names {
  readonly #features: LogFeature[] = [];
  readonly #clients: string[] = [];
  readonly #reasons: string[] = [];

  learn({ features, clients, reasons }: NewNames): void {
    for (const feature of features) this.#features.push(feature);
    for (const client of clients) this.#clients.push(client);
    for (const reason of reasons) this.#reasons.push(reason);
  }

  feature(id: number): LogFeature {
    return this.#features[id]!;
  }

  client(id: number): LogClient {
    return clientOfText(this.#clients[id]!);
  }

  reasonText(id: number): string {
    return this.#reasons[id]!;
  }
}
