// What entries say of one another: which one amends which item, what happened to which, and dates that cannot all be
// right.

/** So far apart are clocks that nobody set wrongly, in milliseconds. */
const TOLERANCE = 600_000;

/** Which entries correct which item: an item is one, whatever entries it has, and the last one counts. */
class Amendments {
  constructor(items) {
    this.last = new Map();
    for (const { number, record } of items) {
      const item = this.itemOf(number, record), last = this.last.get(item);
      if (last === undefined || number > last) this.last.set(item, number);
    }
  }

  itemOf(number, record) {
    const item = record.get("amends");
    return typeof item === "bigint" && item >= 0n ? item : number;
  }

  /** The item that an entry amends and the entry that came in its place, `null` where there is none. */
  of({ number, record }) {
    const item = this.itemOf(number, record), last = this.last.get(item);
    return { amended: item === number ? null : item, supersededBy: last === number ? null : last };
  }
}

/** Which of the entries of a bundle amend which, and what happened to which item (FORMAT section 7, step 8). */
class EntryLinks {
  constructor(entries, itemNumbers) {
    this.entries = entries;
    this.items = new Set(itemNumbers);
    this.amended = new Map([...entries].filter(([, record]) => record.has("amends"))
      .map(([number, record]) => [number, record.get("amends")]));
    this.last = new Map();
    for (const number of itemNumbers) {
      const item = this.amended.get(number) ?? number;
      if (!(this.last.get(item) > number)) this.last.set(item, number);
    }
  }

  isItem(number) { return this.items.has(number); }

  /** The first entry that amends itself, a later one or an amendment, is of a kind that it cannot be, or would count. */
  get unsound() {
    const isSound = ([number, record]) => {
      const item = this.amended.get(number), kind = record.get("kind");
      if (record.has("amends") && !(typeof item === "bigint" && item >= 0n && item < number)) return false;
      if (this.amended.has(item)) return false;
      return this.isItem(number) ? !EVENTS.has(kind) : kind !== "withdrawal" && !(this.last.get(item) < number);
    };
    return [...this.entries].find((entry) => !isSound(entry))?.[0] ?? null;
  }

  /** Whether an entry is an item, amends it, or happened to it as far as it says. */
  isAbout(number, item) {
    const isOfItem = (entry) => entry === item || this.amended.get(entry) === item;
    if (isOfItem(number)) return true;
    const record = this.entries.get(number), more = record.get("items");
    const named = [record.get("item"), ...(Array.isArray(more) ? more : [])]
      .filter((entry) => typeof entry === "bigint" && entry >= 0n);
    return EVENTS.has(record.get("kind")) && (named.length === 0 || named.some(isOfItem));
  }
}

/**
 * Two lists of phrases with their values: entries that are dated earlier than one before them, the first of each row;
 * and later than the bundle that has them. Order is that of the index, and no clock is trusted.
 */
function dateDoubts(entries, created) {
  const backwards = [], afterTheBundle = [];
  let latest = null, isWithinRow = false;
  const dated = [...entries].sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([number, record]) => ({ number, date: record.get("added") }))
    .filter(({ date }) => date !== undefined);
  const isLater = (date, other) => Date.parse(date) > Date.parse(other) + TOLERANCE;
  for (const { number, date } of dated) {
    if (isLater(date, created)) afterTheBundle.push(["datedAfterBundle", { entry: number, date, created }]);
    if (latest !== null && isLater(latest.date, date)) {
      const values = { entry: number, date, earlier: latest.number, later: latest.date };
      if (!isWithinRow) backwards.push(["datedBackwards", values]);
      isWithinRow = true;
    } else {
      isWithinRow = false;
      if (latest === null || Date.parse(latest.date) < Date.parse(date)) latest = { number, date };
    }
  }
  return [backwards, afterTheBundle];
}
