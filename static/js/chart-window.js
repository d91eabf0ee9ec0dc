// Windows of the chart, {start, end} in seconds since 1970-01-01T00:00Z: how an address writes them
// and how they move. The limits are those of events/timeline/scale.py.
export const HOUR = 3600;
const DAY = 24 * HOUR;
const YEAR = 31_556_952;
const NARROWEST = 6 * HOUR;
const WIDEST = 12_000 * YEAR;
const NAMED = /^(-?\d{4,})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?Z)?$/;
// What the edges of a window are multiples of. Links are rounded more (EventFilter.window_url); here
// the instant under a pointer may not stray by more than a pixel or two.
const GRIDS = [60, 300, 900, HOUR, 3 * HOUR, 12 * HOUR, DAY];

/** The instant that "2025-03-09" or "2025-03-09T12:30Z" names, NaN for other words. */
export function parse(text) {
  const [, year, month, day, ...clock] = NAMED.exec(text ?? "")?.map(Number) ?? [];
  const [hour, minute, second] = clock.map((part) => part || 0);
  // Not Date.UTC alone, which takes the years 0 to 99 for those of the last century.
  return year === undefined ? NaN : new Date(Date.UTC(2000, 0, 1, hour, minute, second)).setUTCFullYear(year, month - 1, day) / 1000;
}

/** An instant for an address, to the minute. */
export function format(instant) {
  const [, sign, year, rest, clock] = /^([+-]?)(\d+)(-\d\d-\d\d)T(\d\d:\d\d)/.exec(new Date(instant * 1000).toISOString());
  const date = `${sign === "-" ? "-" : ""}${year.replace(/^0+(?=\d{4})/, "")}${rest}`;
  return clock === "00:00" ? date : `${date}T${clock}Z`;
}

export function clamp(start, span) {
  const within = Math.min(Math.max(span, NARROWEST), WIDEST);
  const from = Math.min(Math.max(start, -WIDEST), WIDEST - within);
  return { start: from, end: from + within };
}

/** Closer by `factor`, the instant `at` staying where it is. */
export function zoom({ start, end }, factor, at = (start + end) / 2) {
  const span = Math.min(Math.max((end - start) / factor, NARROWEST), WIDEST);
  return clamp(at - ((at - start) * span) / (end - start), span);
}

/** Later by so many windows. */
export const pan = ({ start, end }, windows) => clamp(start + (end - start) * windows, end - start);

/** The window around `at` that is as long as another. */
export const around = ({ start, end }, at) => clamp(at - (end - start) / 2, end - start);

/** The window that is asked for: near enough, at round times. */
export function snapped({ start, end }) {
  const grid = GRIDS.find((each) => end - start <= 2000 * each) ?? DAY;
  return { start: Math.round(start / grid) * grid, end: Math.round(end / grid) * grid };
}

/** The window that an address asks for, null when it does not name both ends. */
export function windowOf(search) {
  const query = new URLSearchParams(search);
  const found = { start: parse(query.get("from")), end: parse(query.get("to")) };
  return found.start < found.end ? found : null;
}
