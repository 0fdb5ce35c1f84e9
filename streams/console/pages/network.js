// The network of linked designations: what ties a hit to the rest of the list.

import { byId, el, facts, svg } from "./dom.js";

const MOST = 40; // parties in a picture; more are said
const MOST_TIES = 25;
const DEEPEST = 3;
const MOST_ASKED = 400;
const AT_ONCE = 2; // of the six connections that a browser has; the others are for what people ask
const known = new Map(); // id -> card, as the worker told it
const touched = new Map(); // id -> "hit" | "new": why a designation is worth drawing; the latest is last
const asked = new Set();
let chosen = null;

/** A designation the worker told of, and why: "hit", "new" or null for a neighbour. */
export function learn(card, why) {
  known.set(card.id, { ...known.get(card.id), ...card });
  if (!why) return;
  const was = touched.get(card.id);
  touched.delete(card.id);
  touched.set(card.id, was === "hit" ? was : why);
  chosen = card.id;
}

/** What a hit says of its designation and of the ties around it. */
export function hit(found) {
  const { designation } = found;
  for (const tie of found.network ?? []) {
    const card = known.get(tie.one) ?? { id: tie.one, name: tie.one, links: [] };
    const to = ID.test(tie.other) ? tie.other : null;
    if (!card.links.some((link) => link.to === to && link.name === tie.other)) card.links = [...card.links, { to, name: tie.other, relation: tie.relation, percent: tie.percent }];
    known.set(tie.one, card);
  }
  const links = known.get(designation.id)?.links ?? (designation.linked_to ?? []).map((to) => ({ to: ID.test(to) ? to : null, name: to, relation: "linked_to" }));
  learn({ ...designation, links }, "hit");
}

const ID = /^[a-z0-9_-]+:\S+$/; // an id where a tie leads to an entry, else a name

export function forget(id) {
  known.delete(id);
  touched.delete(id);
}

/** Ask for designations and those they are linked to, two steps out. */
export async function explore(ids, depth = 2) {
  const wanted = [...new Set(ids)].filter((id) => id && !asked.has(id)).slice(0, MOST);
  if (asked.size > MOST_ASKED) return;
  for (const id of wanted) asked.add(id);
  const cards = [];
  while (wanted.length) cards.push(...(await Promise.all(wanted.splice(0, AT_ONCE).map(card))).filter(Boolean));
  if (depth > 1 && cards.length) await explore(cards.flatMap((found) => (found.links ?? []).map((link) => link.to)), depth - 1);
}

async function card(id) {
  try {
    const answer = await fetch(`/designations/${encodeURIComponent(id)}`);
    if (!answer.ok) return null;
    const found = await answer.json();
    learn(found, null);
    return found;
  } catch {
    return null; // nobody answers; the page says so already
  }
}

export async function show(id) {
  chosen = id;
  await explore([id, ...(backwards().get(id) ?? []).map((tie) => tie.to)]);
  render();
}

let drawing = 0;
export function redraw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(render);
}

export function render() {
  const tree = byId("network");
  const roots = [chosen, ...[...touched.keys()].reverse()].filter((id) => known.has(id));
  const seen = new Set();
  const back = backwards();
  const drawn = [];
  for (const id of roots) if (!seen.has(id) && seen.size < MOST) drawn.push(branch(id, null, seen, back, 0));
  tree.replaceChildren(...drawn);
  byId("network-empty").hidden = drawn.length > 0;
  const left = roots.filter((id) => !seen.has(id)).length; // each of them drawn when it is chosen
  byId("network-note").textContent = [`${seen.size} ${seen.size === 1 ? "party" : "parties"}`, left ? `${left} more not shown` : null].filter((text) => seen.size && text).join(", ");
  describe(known.get(chosen));
  const unknown = [...seen].filter((id) => ID.test(id) && !known.get(id)?.aliases && !asked.has(id));
  if (unknown.length) explore(unknown, 1).then(redraw); // their names; the tree shows ids until they come
}

/** Id -> the ties of others to it. */
function backwards() {
  const found = new Map();
  for (const card of known.values())
    for (const link of card.links ?? []) if (link.to) found.set(link.to, [...(found.get(link.to) ?? []), { ...link, to: card.id, name: card.name, from: true }]);
  return found;
}

/** A party, and under it those it is tied to that do not stand above already: a tree, so that every name has its line. */
function branch(id, link, seen, back, depth) {
  const card = known.get(id);
  seen.add(id);
  const ties = [...(card?.links ?? []), ...(back.get(id) ?? [])];
  const under = [];
  let left = 0;
  for (const tie of depth < DEEPEST ? ties : []) {
    const to = tie.to ?? `?${tie.name}`;
    if (seen.has(to)) continue;
    if (seen.size >= MOST || under.length >= MOST_TIES) left++;
    else under.push([to, tie]);
  }
  for (const [to] of under) seen.add(to);
  const children = under.map(([to, tie]) => branch(to, tie, seen, back, depth + 1));
  if (left) children.push(el("li", { class: "quiet" }, `${left} more not shown`));
  const name = card?.name ?? link?.name ?? id;
  const state = [touched.get(id), id === chosen ? "chosen" : null].filter(Boolean).join(" ");
  const button = el("button", { type: "button", class: `node ${state}`, ...(id === chosen ? { "aria-current": "true" } : {}) }, shape(card?.kind), el("span", {}, name));
  button.addEventListener("click", () => show(id));
  return el("li", {}, link ? el("span", { class: "tie" }, tied(link)) : null, button, children.length ? el("ul", {}, ...children) : null);
}

/** "linked to", "owner of it (60 %)": read from the party above. */
const tied = (link) => `${words(link.relation)}${link.from ? " it" : ""}${link.percent ? ` (${link.percent} %)` : ""}`;

const SHAPES = {
  person: () => svg("circle", { r: 5 }),
  organization: () => svg("rect", { x: -5, y: -5, width: 10, height: 10, rx: 2 }),
  vessel: () => svg("path", { d: "M0-6L6 0L0 6L-6 0z" }),
  aircraft: () => svg("path", { d: "M0-6L6 5H-6z" }),
};

const shape = (kind) => svg("svg", { viewBox: "-8 -8 16 16", class: "shape", "aria-hidden": "true" }, (SHAPES[kind] ?? (() => svg("circle", { r: 3 })))());

function describe(card) {
  const box = byId("node");
  box.hidden = !card;
  if (!card) return;
  box.replaceChildren(
    ...facts([
      ["Designation", `${card.name} (${card.id})`],
      ["Also known as", (card.aliases ?? []).slice(0, 6).join("; ")],
      ["Programs", (card.programs ?? []).join(", ")],
      ["Countries", (card.countries ?? []).join(", ")],
      ["Listed on", card.listed_on],
    ]),
  );
  for (const link of card.links ?? [])
    box.append(
      el("dt", {}, words(link.relation)),
      el("dd", {}, link.name || link.to, link.percent ? ` (${link.percent} %)` : ""),
    );
}

const words = (relation) => ({ linked_to: "linked to", acting_for: "acting for", owner: "owner of" })[relation] ?? relation ?? "linked to";
