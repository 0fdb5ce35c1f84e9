// The page: a search over the topics, and what this worker does just now. Everything it shows is a text node.

import { byId, zone } from "./dom.js";
import * as list from "./list.js";
import * as live from "./live.js";
import * as network from "./network.js";
import * as pair from "./pair.js";
import * as route from "./route.js";
import * as work from "./work.js";

const { KINDS, go, read } = route;

const STATUS_MILLIS = 5000;
const TYPED_MILLIS = 250; // a search begins when the typing pauses

let paused = false;
let typed = 0;

/** Show what the address says. */
function view() {
  const asked = read();
  for (const kind of KINDS) byId(`in-${kind}`).setAttribute("aria-selected", String(kind === asked.in));
  if (byId("words").value.trim() !== asked.q) byId("words").value = asked.q;
  const working = asked.in === "work";
  byId("search").hidden = working;
  byId("sort").hidden = !working;
  work.hide();
  if (working) list.hide(), work.show();
  else list.show(asked);
}

function search(typing) {
  go(read().in, byId("words").value.trim(), typing);
  view();
}

function pause() {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Resume" : "Pause";
  live.pause(paused);
  list.pause(paused);
  work.pause(paused);
}

function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  set(now === "dark" ? "light" : "dark");
}

function set(name) {
  document.documentElement.dataset.theme = name;
  localStorage.setItem("theme", name);
}

/** Draw the designations of new alerts, and say the first to who listens rather than looks. */
function onRecord(kind, record, fresh) {
  const hits = record.value?.hits;
  if (kind !== "alerts" || !hits?.length || record.value.update) return;
  for (const hit of hits) network.hit(hit);
  if (fresh) byId("announce").textContent = `Hit: ${hits[0].value}, ${hits[0].designation.name}`;
  network.explore(hits.slice(0, 4).map((hit) => hit.designation.id)).then(network.redraw);
}

async function start() {
  const status = await fetch("/status.json").then((answer) => answer.json(), () => ({}));
  document.body.classList.toggle("alone", Boolean(status.alone));
  pair.allow(status.form);
  if (status.alone) route.start("work");
  view();
  if (status.alone) {
    live.onStatus(status);
    setInterval(live.poll, STATUS_MILLIS);
  } else live.follow(list.refresh);
}

const KEYS = { j: () => list.step(1), k: () => list.step(-1), p: pause, t: theme, Escape: () => list.close(), "/": () => byId("words").focus() };

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
  if (typing) event.target.blur();
  else if (KEYS[event.key]) event.preventDefault(), KEYS[event.key]();
});
byId("pause").addEventListener("click", pause);
byId("theme").addEventListener("click", theme);
byId("order").addEventListener("change", () => work.show());
byId("older").addEventListener("click", list.further);
byId("words").addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => search(true), TYPED_MILLIS);
});
byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typed);
  search(false);
});
for (const kind of KINDS) byId(`in-${kind}`).addEventListener("click", () => (go(kind, byId("words").value.trim()), view()));
document.querySelector(".skip").addEventListener("click", (event) => (event.preventDefault(), byId("rows").focus()));
addEventListener("popstate", view);
addEventListener("resize", network.redraw);
if (localStorage.getItem("theme")) set(localStorage.getItem("theme"));
byId("zone").textContent = `Times are ${zone()}`;
list.onRecord(onRecord);
start();
network.render();
