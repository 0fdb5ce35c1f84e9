// The network of linked designations: what ties a hit to the rest of the list.

import { byId, el, facts, svg } from "./dom.js";

const MOST = 28; // more cannot be read on a panel of this size
const MOST_ASKED = 400;
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

export function forget(id) {
  known.delete(id);
  touched.delete(id);
}

/** Ask for designations and those they are linked to, two steps out. */
export async function explore(ids, depth = 2) {
  const wanted = [...new Set(ids)].filter((id) => id && !asked.has(id)).slice(0, MOST);
  if (asked.size > MOST_ASKED) return;
  for (const id of wanted) asked.add(id);
  const cards = (await Promise.all(wanted.map(card))).filter(Boolean);
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
  await explore([id]);
  render();
}

let drawing = 0;
export function redraw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(render);
}

export function render() {
  const { nodes, edges } = pick();
  const canvas = byId("network");
  byId("network-empty").hidden = nodes.length > 0;
  canvas.style.display = nodes.length ? "" : "none";
  byId("network-note").textContent = nodes.length ? `${nodes.length} parties, ${edges.length} ties` : "";
  if (!nodes.length) return;
  const width = canvas.clientWidth || 380;
  const height = canvas.clientHeight || 300;
  settle(nodes, edges, width, height);
  canvas.setAttribute("viewBox", `0 0 ${width} ${height}`);
  canvas.replaceChildren(
    ...edges.map(([a, b, link]) =>
      svg(
        "line",
        { x1: a.x, y1: a.y, x2: b.x, y2: b.y, class: a.id === chosen || b.id === chosen ? "lit" : null },
        svg("title", {}, `${a.name} – ${words(link.relation)} – ${b.name}`),
      ),
    ),
    ...nodes.map((node) => drawn(node, width)),
  );
  describe(known.get(chosen));
}

/** The designations around the latest touched ones, and the ties between them; unresolved names are leaves. */
function pick() {
  const nodes = new Map();
  const queue = [chosen, ...[...touched.keys()].reverse()].filter((id) => known.has(id));
  const reverse = new Map();
  for (const card of known.values())
    for (const link of card.links ?? []) if (link.to) reverse.set(link.to, [...(reverse.get(link.to) ?? []), card.id]);
  while (queue.length && nodes.size < MOST) {
    const id = queue.shift();
    if (nodes.has(id)) continue;
    const card = known.get(id);
    const near = [...(card?.links ?? []).map((link) => link.to), ...(reverse.get(id) ?? [])].filter(Boolean);
    if (!near.length && id !== chosen && !(card?.links ?? []).length) continue;
    nodes.set(id, { id, name: card?.name ?? id, kind: card?.kind });
    queue.unshift(...near.filter((other) => known.has(other) && !nodes.has(other)).slice(0, 12));
  }
  const edges = [];
  for (const node of [...nodes.values()])
    for (const link of known.get(node.id)?.links ?? []) {
      const key = link.to && known.has(link.to) ? link.to : `?${link.to ?? link.name}`;
      if (!nodes.has(key)) {
        if (known.has(key) || nodes.size >= MOST) continue;
        nodes.set(key, { id: key, name: link.name || link.to, kind: null });
      }
      edges.push([node, nodes.get(key), link]);
    }
  return { nodes: [...nodes.values()], edges };
}

const places = new Map(); // where a node came to rest: the picture stays still when one is added

/** Spring layout, run to rest at once: no animation to follow and no work while idle. */
function settle(nodes, edges, width, height) {
  nodes.forEach((node, index) => {
    const angle = index * 2.4; // the golden angle spreads newcomers evenly
    const at = places.get(node.id) ?? [Math.cos(angle) * 30 * Math.sqrt(index), Math.sin(angle) * 30 * Math.sqrt(index)];
    [node.x, node.y] = at;
  });
  const room = Math.sqrt((width * height) / (nodes.length + 1)) * 0.72;
  for (let step = 0; step < 220; step++) {
    const heat = 8 * (1 - step / 220);
    for (const node of nodes) (node.dx = -node.x * 0.03), (node.dy = -node.y * 0.05);
    for (let i = 0; i < nodes.length; i++)
      for (let j = i + 1; j < nodes.length; j++) push(nodes[i], nodes[j], (d) => (room * room) / (d * d));
    for (const [a, b] of edges) if (a !== b) push(a, b, (d) => -d / room);
    for (const node of nodes) {
      const length = Math.hypot(node.dx, node.dy) || 1;
      node.x += (node.dx / length) * Math.min(length * 4, heat);
      node.y += (node.dy / length) * Math.min(length * 4, heat);
    }
  }
  for (const node of nodes) places.set(node.id, [node.x, node.y]);
  fit(nodes, width, height);
}

function push(a, b, force) {
  const dx = a.x - b.x || 0.1;
  const dy = a.y - b.y || 0.1;
  const d = Math.max(Math.hypot(dx, dy), 4);
  const f = force(d) / d;
  (a.dx += dx * f), (a.dy += dy * f), (b.dx -= dx * f), (b.dy -= dy * f);
}

function fit(nodes, width, height) {
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const spread = (values, low) => Math.max(Math.max(...values) - low, 1);
  const scaleX = Math.min((width - 110) / spread(xs, left), 2.2);
  const scaleY = Math.min((height - 56) / spread(ys, top), 2.2);
  const offX = (width - spread(xs, left) * scaleX) / 2;
  const offY = (height - spread(ys, top) * scaleY) / 2 - 4;
  for (const node of nodes) {
    node.x = Math.round(offX + (node.x - left) * scaleX);
    node.y = Math.round(offY + (node.y - top) * scaleY);
  }
}

const SHAPES = {
  person: () => svg("circle", { class: "shape", r: 6.5 }),
  organization: () => svg("rect", { class: "shape", x: -6, y: -6, width: 12, height: 12, rx: 2.5 }),
  vessel: () => svg("path", { class: "shape", d: "M0-8L8 0L0 8L-8 0z" }),
  aircraft: () => svg("path", { class: "shape", d: "M0-8L7 6H-7z" }),
};

function drawn(node, width) {
  const state = [touched.get(node.id), node.id === chosen ? "chosen" : null].filter(Boolean).join(" ");
  const shape = (SHAPES[node.kind] ?? (() => svg("circle", { class: "shape", r: 3.5 })))();
  const group = svg(
    "g",
    {
      class: `node ${state}`,
      transform: `translate(${node.x} ${node.y})`,
      tabindex: 0,
      role: "button",
      "aria-label": `${node.name}, ${node.kind ?? "party"}`,
    },
    shape,
    label(node, width),
    svg("title", {}, node.name),
  );
  group.addEventListener("click", () => show(node.id));
  group.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") event.preventDefault(), show(node.id);
  });
  return group;
}

/** The name under its shape, short, and within the picture. */
function label(node, width) {
  const text = node.name.length > 24 ? `${node.name.slice(0, 23)}…` : node.name;
  const half = text.length * 3.2; // half a label at its type size
  const inside = Math.min(Math.max(node.x, half + 4), width - half - 4);
  return svg("text", { x: Math.round(inside - node.x), y: 19 }, text);
}

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
