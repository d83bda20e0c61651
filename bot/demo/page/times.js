// Dates and times as the person's own clock shows them.

let zone;
let ahead = 0;
const made = new Map();

export function setZone(name) {
  let wanted = name || undefined;
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: wanted });
  } catch {
    wanted = undefined;
  }
  const changed = wanted !== zone;
  zone = wanted;
  return changed;
}

/** The demo's clock shows `iso` now; it goes on ticking from there. */
export function setClock(iso) {
  ahead = new Date(iso).getTime() - Date.now();
}

export const demoNow = () => new Date(Date.now() + ahead);

function formatted(date, options) {
  const key = JSON.stringify([zone, options]);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return made.get(key).format(date);
}

export const clock = (date) => formatted(date, { hour: "2-digit", minute: "2-digit" });
export const day = (date) =>
  formatted(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const shortDay = (date) => formatted(date, { weekday: "short", day: "numeric", month: "short" });
export const dayKey = (date) => formatted(date, { year: "numeric", month: "2-digit", day: "2-digit" });
