// What entries say of one another: which one amends which item, and dates that cannot all be right.

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

/**
 * Two lists of phrases with their values: entries that are dated earlier than one before them, the first of each row;
 * and later than the bundle that has them. Order is that of the index, and no clock is trusted.
 */
function dateDoubts(entries, created) {
  const backwards = [], afterTheBundle = [];
  let latest = null, isWithinRow = false;
  const dated = [...entries].sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([number, record]) => ({ number, date: record.get("added") }))
    .filter(({ date }) => typeof date === "string" && isMoment(date));
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
