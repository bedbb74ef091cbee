/** Small, so that one long-lived item does not keep the places of many that are gone. */
const PAGE_BITS = 7;
const PAGE_PLACES = 1 << PAGE_BITS;

interface Page<Item> {
  readonly number: number;
  readonly items: (Item | undefined)[];
  used: number;
}

/**
 * Items by a whole number that keeps growing: handles, sessions. A Map whose old keys leave as new
 * ones come rehashes itself again and again; this drops empty pages behind, and never moves an
 * item.
 */
export class PagedTable<Item> {
  readonly #pages = new Map<number, Page<Item>>();
  /** Where the last item was put; kept even when empty, as the next one likely belongs there. */
  #open: Page<Item> = emptyPage(Number.NaN);
  /** Where the last item was found: who asks for one changes it next. */
  #found: Page<Item> = this.#open;
  size = 0;

  /** Any number may be asked for, whole or not. */
  get(key: number): Item | undefined {
    if (!Number.isSafeInteger(key)) return undefined;
    return this.#find(key)?.items[placeOf(key)];
  }

  /** Puts an item at a whole number from 0, in place of what was there. */
  set(key: number, item: Item): void {
    const number = pageOf(key);
    const page = this.#open.number === number ? this.#open : this.#openPage(number);
    const place = placeOf(key);
    if (page.items[place] === undefined) {
      page.used++;
      this.size++;
    }
    page.items[place] = item;
  }

  delete(key: number): void {
    const page = this.#find(key);
    const place = placeOf(key);
    if (page === undefined || page.items[place] === undefined) return;
    page.items[place] = undefined;
    page.used--;
    this.size--;
    if (page.used === 0 && page !== this.#open) this.#drop(page);
  }

  /** In order of keys, if they were put in that order. */
  *values(): Generator<Item> {
    for (const { items } of this.#pages.values()) {
      for (const item of items) if (item !== undefined) yield item;
    }
  }

  #find(key: number): Page<Item> | undefined {
    const number = pageOf(key);
    if (this.#found.number === number) return this.#found;
    const page = this.#pages.get(number);
    if (page !== undefined) this.#found = page;
    return page;
  }

  #drop(page: Page<Item>): void {
    this.#pages.delete(page.number);
    if (page === this.#found) this.#found = this.#open;
  }

  #openPage(number: number): Page<Item> {
    let page = this.#find(number);
    if (this.#open.used === 0) this.#drop(this.#open);
    if (page === undefined) {
      page = emptyPage(number);
      this.#pages.set(number, page);
    }
    this.#open = page;
    this.#found = page;
    return page;
  }
}

function emptyPage<Item>(number: number): Page<Item> {
  return { number, items: new Array(PAGE_PLACES).fill(undefined), used: 0 };
}

/** The first key of the page: cheaper than its ordinal. */
function pageOf(key: number): number {
  return key - placeOf(key);
}

function placeOf(key: number): number {
  return key & (PAGE_PLACES - 1);
}
