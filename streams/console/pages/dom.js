// Elements and words. Everything that comes from outside becomes a text node: a name is hostile input.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** An element: `el("td", {class: "num"}, "12", el("b", {}, "x"))`; strings become text nodes. */
export function el(name, attributes = {}, ...children) {
  return build(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return build(document.createElementNS(SVG, name), attributes, children);
}

function build(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) if (value != null) node.setAttribute(key, value);
  node.append(...children.filter((child) => child != null).map((child) => (typeof child === "string" ? visible(child) : child)));
  return node;
}

/** Marks that turn the reading order around, of themselves and of what follows: shown, and not obeyed. */
export const visible = (text) => text.replace(/[\u202A-\u202E\u2066-\u2069]/g, (mark) => `⟨U+${mark.charCodeAt(0).toString(16).toUpperCase()}⟩`);

/** A word of a shell's line, whatever a payer wrote in it. */
export const quoted = (text) => (/^[\w.:@|/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** `dl` rows from pairs; a pair with nothing to say is left out. */
export function facts(pairs) {
  return pairs
    .filter(([, value]) => value != null && value !== "" && value !== "null")
    .flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]);
}

export const count = (number) => Math.round(number).toLocaleString("en");

/** Milliseconds with three significant digits: 0.42, 4.2, 42, 420. */
export function millis(seconds) {
  const ms = seconds * 1000;
  return ms < 10 ? ms.toFixed(ms < 1 ? 2 : 1) : count(ms);
}

export function age(seconds) {
  if (!(seconds >= 0)) return "–";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

const two = (number) => String(number).padStart(2, "0");

/** Date and time of the reader's own zone, which the page names once: 2026-11-28 06:07:04. `seconds` is Unix time. */
export function stamp(seconds) {
  const at = new Date(seconds * 1000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** "Europe/Berlin, UTC+01:00" */
export function zone() {
  const east = -new Date().getTimezoneOffset();
  const offset = `UTC${east < 0 ? "-" : "+"}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name === "UTC" ? name : `${name}, ${offset}`;
}

/** A name of the protocol as words: ultimate_debtor, ultimate debtor. */
export const word = (name) => String(name).replaceAll("_", " ");

export const amount = (payment) => (payment?.amount ? `${payment.currency ?? ""} ${grouped(payment.amount)}`.trim() : "");

/** "4,044,426.46"; what is no plain figure stays as it was written. */
const grouped = (text) => (/^\d{4,}(\.\d+)?$/.test(text) ? text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",")) : text);

/** Role and what the payment says of each of its parties. */
export const parties = (payment) =>
  (payment?.parties ?? []).map((party) => [word(party.role ?? "other"), [...(party.names ?? []), ...(party.countries ?? []), ...(party.texts ?? [])].join(", ")]);

export const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB");

const fold = (word) => word.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}.'’&]*/gu;

/**
 * A text with the words that made the score marked. `side` is "query" (the payment) or "matched" (the list).
 * Words that were transliterated cannot be found letter by letter: then the whole text is marked.
 */
export function marked(text, explanation, side) {
  const wanted = new Map();
  for (const row of explanation ?? []) {
    if (!row.query || !row.matched || row.similarity <= 0) continue;
    for (const part of row[side].split(/\s+/)) wanted.set(fold(part), row);
  }
  const fragment = document.createDocumentFragment();
  let last = 0;
  for (const found of text.matchAll(WORD)) {
    const row = wanted.get(fold(found[0]));
    if (!row) continue;
    fragment.append(visible(text.slice(last, found.index)), el("mark", { class: strength(row), title: row.how }, found[0]));
    last = found.index + found[0].length;
  }
  if (last === 0 && wanted.size) fragment.append(el("mark", { class: "near" }, text));
  else fragment.append(visible(text.slice(last)));
  return fragment;
}

const strength = (row) => (row.weight < 0.35 ? "light" : row.similarity < 1 ? "near" : null);

/** One word with the letters that the other lacks in bold (longest common subsequence). */
export function letters(word, other) {
  const a = [...word];
  const b = [...other];
  if (!a.length || !b.length || a.length * b.length > 4096) return el("span", {}, word);
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  const out = el("span");
  for (let i = 0, j = 0; i < a.length; ) {
    if (j < b.length && a[i] === b[j]) out.append(a[i++]), j++;
    else if (j < b.length && best[i][j + 1] >= best[i + 1][j]) j++;
    else out.append(el("b", {}, a[i++]));
  }
  out.normalize();
  return out;
}
