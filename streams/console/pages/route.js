// What the page shows, as the address says it after "#": a link to a search, a pair or one alert can be sent.

export const KINDS = ["work", "alerts", "decisions", "payments", "designations", "dispositions"];

let home = "alerts";
export const start = (kind) => (home = kind);

/** {in, q} of the address; what it does not say is where the page begins, and no words. */
export function read() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const kind = asked.get("in");
  return { in: KINDS.includes(kind) ? kind : home, q: asked.get("q") ?? "" };
}

/** The address of a view, to link to. */
export function link(kind, words = "") {
  return `#${new URLSearchParams(words ? { in: kind, q: words } : { in: kind })}`;
}

/** Show another view; while somebody types, without a new entry in the browser's history. */
export function go(kind, words, typing = false) {
  const to = link(kind, words);
  if (typing) history.replaceState(null, "", to);
  else if (location.hash !== to) history.pushState(null, "", to);
}
