// Hours, days, months and years of the dossier's zone: where a mark that is dragged comes to lie.
// Clock times are Dates whose UTC parts are those of the clock.

/** How fine a date is at least put at each level. */
export const COARSE = { hours: "hour", days: "day", weeks: "day", months: "month", years: "year", decades: "year" };
const UNITS = { hour: 3_600_000, day: 86_400_000 };
const SAID = {
  hour: { weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  year: { year: "numeric" },
};

/** Whether a date can be put as finely as that. */
export const isSize = (size) => size in SAID;

let clocks;

function clockAt(instant) {
  clocks ??= new Intl.DateTimeFormat("en-GB", { timeZone: document.getElementById("timeline").dataset.zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  // Before there were zones their offset is of no use.
  const known = Math.min(Math.max(instant * 1000, Date.UTC(1900)), Date.UTC(2100));
  const part = Object.fromEntries(clocks.formatToParts(known).map(({ type, value }) => [type, Number(value)]));
  return new Date(instant * 1000 + Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(known / 1000) * 1000);
}

/** The unit that contains a clock time, its begin and end: clock times. */
function unitOf(clock, size) {
  if (UNITS[size]) {
    const begin = Math.floor(clock / UNITS[size]) * UNITS[size];
    return [new Date(begin), new Date(begin + UNITS[size])];
  }
  const first = (later) => {
    const found = new Date(0);
    found.setUTCFullYear(clock.getUTCFullYear() + (size === "year" ? later : 0), size === "month" ? clock.getUTCMonth() + later : 0, 1);
    return found;
  };
  return [first(0), first(1)];
}

/** Where what is dragged to `instant` comes to lie: an instant, and the words for it. */
export function snapped(instant, part, size) {
  const clock = clockAt(instant);
  const ahead = clock - instant * 1000;
  const [begin, end] = unitOf(clock, size);
  const said = (unit) => new Intl.DateTimeFormat("en-GB", { ...SAID[size], timeZone: "UTC" }).format(unit).replace(",", "");
  if (part === "whole") return { instant: ((+begin + +end) / 2 - ahead) / 1000, words: said(begin) };
  const edge = clock - begin < end - clock ? begin : end;
  return { instant: (edge - ahead) / 1000, words: said(part === "start" ? edge : unitOf(new Date(edge - 1), size)[0]) };
}

/** The day of an instant, as "2025-03-11". */
export const dayOf = (instant) => clockAt(instant).toISOString().split("T")[0];
