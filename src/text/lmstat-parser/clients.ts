/** A user line's names, one from the other. */
export interface ClientNames {
  readonly user: string;
  readonly host: string;
  /** '' when there is none. */
  readonly display: string;
  readonly checkoutData?: string;
  /** They could be cut in other ways, too. */
  readonly guessed: boolean;
  readonly activated?: true;
}

/** What stands before the host of a license that was activated through trusted storage. */
const ACTIVATED = 'ACTIVATED LICENSE(S) ';

/**
 * Cuts `user host display data`, in which users and displays may have blanks, displays and data may be
 * missing, and nothing marks where one ends. Rules, the first that fits:
 *
 * 1. Two words are user and host; but host and display when the second looks like a display (`:0`,
 *    `/dev/pts/1`): some texts lack the user. Three words are user, host, display. A single one is the user.
 * 2. From the fourth word on, `key=value` begins the checkout data; so does a last word that equals the
 *    version asked for. Three words before it are user, host, display.
 * 3. A word that is a display of the word before it (the same name, the name with a screen as in `ws1:0.0`
 *    and `ws10.0`, or anything with `/` or `:` first) ends the names; what follows is checkout data. Of
 *    several, the one behind a known host; else the first with `/` or `:`; else the last.
 * 4. A known host, neither first nor last, is the host: behind it is the display, blanks and all. Known are
 *    the hosts of all lines of three words.
 * 5. The last word that looks like a host name and has a word behind it is the host; a last word of one
 *    letter, or with a digit first, belongs to the display.
 *
 * What rules 4 and 5 say, and 3 with a choice, is marked as guessed.
 */
export function splitClient(
  client: string,
  version: string,
  knownHosts: ReadonlySet<string>,
): ClientNames {
  if (client.startsWith(ACTIVATED)) return activatedClient(client.slice(ACTIVATED.length));
  const words = client.split(' ');
  if (words.length <= 3) return fewWords(words);
  const dataAt = checkoutDataIndex(words, version);
  const names = words.slice(0, dataAt);
  const data = words.slice(dataAt);
  if (names.length <= 3) return withData(fewWords(names), data);
  const display = displayOf(names, knownHosts);
  if (display) {
    const { at, guessed } = display;
    const [user, host] = [names.slice(0, at - 1).join(' '), names[at - 1]!];
    return withData({ user, host, display: names[at]!, guessed }, [
      ...names.slice(at + 1),
      ...data,
    ]);
  }
  const at = hostIndex(names, knownHosts);
  const [user, host] = [names.slice(0, at).join(' '), names[at]!];
  return withData({ user, host, display: names.slice(at + 1).join(' '), guessed: true }, data);
}

/** The host, in small letters, of a client whose names leave no doubt. */
export function undoubtedHost(client: string): string | undefined {
  const words = client.split(' ', 4);
  return words.length === 3 ? words[1]!.toLowerCase() : undefined;
}

function activatedClient(rest: string): ClientNames {
  const [host = '', ...display] = rest.split(' ');
  return { user: '', host, display: display.join(' '), guessed: false, activated: true };
}

/** One to three words. A missing one between two blanks belongs to the user. */
function fewWords(words: readonly string[]): ClientNames {
  const [first = '', second, third] = words;
  if (second === undefined) return { user: first, host: '', display: '', guessed: true };
  if (third === undefined) {
    return looksLikeDisplay(second)
      ? { user: '', host: first, display: second, guessed: true }
      : { user: first, host: second, display: '', guessed: false };
  }
  if (second === '') return { user: `${first} `, host: third, display: '', guessed: true };
  return { user: first, host: second, display: third, guessed: false };
}

function withData(names: ClientNames, data: readonly string[]): ClientNames {
  return data.length === 0 ? names : { ...names, checkoutData: data.join(' ') };
}

/** The fewest words before checkout data. */
const NAMES_MIN = 3;

function checkoutDataIndex(words: readonly string[], version: string): number {
  const keyed = words.findIndex(
    (word, index) => index >= NAMES_MIN && /^[A-Za-z_][\w.-]*=/.test(word),
  );
  if (keyed >= 0) return keyed;
  return words.at(-1) === version ? words.length - 1 : words.length;
}

function looksLikeDisplay(word: string): boolean {
  return word.startsWith('/') || word.startsWith(':');
}

/** Whether a word is a display that is named after a host. */
function isNamedAfter(word: string, host: string): boolean {
  if (host === '' || word.length < host.length) return false;
  if (word.slice(0, host.length).toLowerCase() !== host.toLowerCase()) return false;
  const screen = word.slice(host.length);
  return screen === '' || screen.startsWith(':') || /^[.\d]+$/.test(screen);
}

function displayOf(
  names: readonly string[],
  knownHosts: ReadonlySet<string>,
): { readonly at: number; readonly guessed: boolean } | undefined {
  const found: number[] = [];
  for (let at = 2; at < names.length; at++) {
    if (looksLikeDisplay(names[at]!) || isNamedAfter(names[at]!, names[at - 1]!)) found.push(at);
  }
  const at =
    found.find((index) => knownHosts.has(names[index - 1]!.toLowerCase())) ??
    found.find((index) => looksLikeDisplay(names[index]!)) ??
    found.at(-1);
  return at === undefined ? undefined : { at, guessed: found.length > 1 };
}

function hostIndex(names: readonly string[], knownHosts: ReadonlySet<string>): number {
  const last = names.length - 1;
  const known = names.findIndex(
    (word, index) => index > 0 && index < last && knownHosts.has(word.toLowerCase()),
  );
  if (known > 0) return known;
  const tail = /^(\d|.$)/u.test(names[last]!) ? 2 : 1;
  for (let index = last - tail; index > 0; index--) {
    if (/^[\w.-]+$/.test(names[index]!)) return index;
  }
  return last - 1;
}
