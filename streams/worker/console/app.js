// The page: events of the worker in, figures and rows out. Everything it shows is a text node.

import { WINDOW, draw } from "./chart.js";
import { age, byId, clock, count, el, facts, millis } from "./dom.js";
import * as hits from "./hits.js";
import * as network from "./network.js";

const OBJECTIVE_SECONDS = 0.1; // read to decision at p99
const STALE_SECONDS = 14 * 86400; // a list that has not changed for so long asks whether anybody looks at its source
const ticks = []; // {time, ...tick}, oldest first
const effects = []; // [time, seconds]
const changes = new Set();
let status = null;
let clockSkew = 0; // the worker's clock minus ours, in milliseconds
let paused = false;
let waiting = []; // events that came while paused
let settled = false; // false while the past is replayed after a connect

function onTick(tick) {
  const time = Date.parse(tick.at);
  if (ticks.length && time <= ticks.at(-1).time) return;
  settled = settled || Date.now() + clockSkew - time < 3000;
  ticks.push({ time, ...tick });
  while (ticks.length && time - ticks[0].time > WINDOW * 1000) ticks.shift();
  while (effects.length && time - effects[0][0] > WINDOW * 1000) effects.shift();
  requestAnimationFrame(figures);
}

function figures() {
  const last = ticks.at(-1);
  if (!last) return;
  const sum = (key) => ticks.reduce((total, tick) => total + tick[key], 0);
  const series = (value) => ticks.map((tick) => [tick.time, value(tick)]);
  const rate = (key) => series((tick) => tick[key] / tick.seconds);
  const smooth = (key) => rate(key).map(([time], at) => [time, mean(ticks.slice(Math.max(0, at - 2), at + 1), key)]);
  const timed = ticks.filter((tick) => tick.latency);
  const latency = (q) => timed.map((tick) => [tick.time, tick.latency[q]]);
  const span = Math.max(60, (last.time - ticks[0].time) / 1000); // a page just opened fills its charts
  const over = `in ${age(span)}`;
  const recent = ticks.slice(-5);
  const perSecond = mean(recent, "payments");
  byId("rate").textContent = perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
  byId("rate-note").textContent = `${count(sum("payments"))} ${over}${sum("errors") ? `, ${count(sum("errors"))} unreadable` : ""}`;
  draw(byId("rate-chart"), last.time, span, [{ kind: "area", points: smooth("payments") }, { kind: "main", points: smooth("payments") }]);
  if (timed.length) {
    const now = timed.at(-1).latency;
    byId("latency").textContent = millis(now.p99);
    byId("latency-note").textContent = `p50 ${millis(now.p50)}  p95 ${millis(now.p95)}`;
  }
  draw(byId("latency-chart"), last.time, span, [{ kind: "second", points: latency("p50") }, { kind: "main", points: latency("p99") }], OBJECTIVE_SECONDS);
  byId("hit-count").textContent = count(sum("hits"));
  byId("hit-span").textContent = over;
  byId("hit-note").textContent = sum("payments") ? `${((sum("hits") / sum("payments")) * 100).toFixed(2)} % of payments` : "";
  draw(byId("hit-chart"), last.time, span, [{ kind: "bars", points: rate("hits") }]);
  if (effects.length) {
    byId("effect").textContent = millis(effects.at(-1)[1]);
    byId("effect-note").textContent = `${count(sum("designations"))} changes, slowest ${millis(Math.max(...effects.map(([, seconds]) => seconds)))}`;
  }
  draw(byId("effect-chart"), last.time, span, [{ kind: "bars", points: effects }]);
}

/** Events a second over some ticks: payments come in batches, so one second alone says little. */
function mean(some, key) {
  const seconds = some.reduce((total, tick) => total + tick.seconds, 0);
  return some.reduce((total, tick) => total + tick[key], 0) / (seconds || 1);
}

function onStatus(record) {
  status = record;
  clockSkew = Date.parse(record.now) - Date.now();
  health(record.ready ? "ready" : "held", record.ready ? "Ready" : "Not ready");
  byId("reasons").hidden = record.ready;
  byId("reasons-list").replaceChildren(...record.reasons.map((reason) => el("li", {}, reason)));
  byId("worker").textContent = record.worker ?? "";
  lists(record);
  const partitions = record.partitions ?? [];
  const lag = partitions.reduce((total, partition) => total + (partition.lag ?? 0), 0);
  byId("facts").replaceChildren(
    ...facts([
      ["Partitions", partitions.length ? `${partitions.map((partition) => partition.partition).join(", ")} (${count(lag)} payments waiting)` : "none"],
      ["List offsets", Object.entries(record.offsets ?? {}).map(([partition, offset]) => `${partition}:${offset}`).join("  ")],
      ["Policy", (record.policy ?? "").slice(0, 12)],
      ["Matcher", record.matcher],
    ]),
  );
}

function lists(record) {
  const rows = Object.entries(record.lists ?? {}).sort(([a], [b]) => a.localeCompare(b));
  byId("lists-empty").hidden = rows.length > 0;
  byId("lists").replaceChildren(
    ...rows.map(([source, at]) => {
      const seconds = (Date.parse(record.now) - Date.parse(at.published_at ?? at.applied_at)) / 1000;
      return el(
        "tr",
        { title: `sha256 ${at.sha256 ?? ""}` },
        el("td", {}, source),
        el("td", { class: "mono" }, String(at.version ?? "–")),
        el("td", { class: "num" }, count(at.entries ?? 0)),
        el("td", { class: seconds > STALE_SECONDS ? "num stale" : "num" }, age(seconds)),
      );
    }),
  );
}

function onDesignation(record) {
  const { designation, change } = record;
  const key = `${record.at} ${designation.id}`;
  if (changes.has(key)) return;
  changes.add(key);
  effects.push([Date.parse(record.at), record.effective_seconds]);
  if (change === "removed") network.forget(designation.id);
  else network.learn(designation, "new");
  const row = el(
    "li",
    {},
    el("time", { class: "when", datetime: record.at }, clock(record.at)),
    el("span", { class: `kind ${change}` }, change),
    el("span", {}, designation.name ?? designation.id, el("span", { class: "quiet" }, ` ${designation.id}`)),
    el("span", { class: "num quiet" }, `${millis(record.effective_seconds)} ms`),
  );
  byId("changes").prepend(row);
  while (byId("changes").children.length > 12) byId("changes").lastChild.remove();
  byId("changes-empty").hidden = true;
  if (change !== "removed") explore(designation);
}

const explore = (designation) => Promise.all((designation.links ?? []).map((link) => network.explore(link.to))).then(redraw);

function onAlert(alert) {
  if (!hits.add(alert, settled)) return;
  for (const { designation } of alert.hits) network.learn({ ...designation, links: designation.linked_to.map((to) => tie(to)) }, "hit");
  if (settled) byId("announce").textContent = `Hit: ${alert.hits[0].value}, ${alert.hits[0].designation.name}`;
  Promise.all(alert.hits.slice(0, 4).map((hit) => network.explore(hit.designation.id))).then(redraw);
}

/** A tie as an alert tells it: an id where it resolves, else a name. */
const tie = (to) => ({ to: /^[a-z0-9_-]+:\S+$/.test(to) ? to : null, name: to, relation: "linked_to" });

let drawing = 0;
function redraw() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(network.render);
}

function health(state, text) {
  byId("health").dataset.state = state;
  byId("health-text").textContent = text;
}

const HANDLERS = { tick: onTick, status: onStatus, designation: onDesignation, alert: onAlert };

function connect() {
  const source = new EventSource("/events");
  source.addEventListener("open", () => (settled = false));
  source.addEventListener("error", () => health("lost", "Reconnecting"));
  for (const [kind, handle] of Object.entries(HANDLERS))
    source.addEventListener(kind, (event) => {
      const record = JSON.parse(event.data);
      if (paused && kind !== "status") waiting.length < 5000 && waiting.push([handle, record]);
      else handle(record);
    });
}

function pause() {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Resume" : "Pause";
  if (paused) return;
  const missed = waiting;
  waiting = [];
  for (const [handle, record] of missed) handle(record);
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

const KEYS = { j: () => hits.step(1), k: () => hits.step(-1), p: pause, t: theme, Escape: () => hits.close(), "/": () => byId("filter").focus() };

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input");
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
  if (typing) event.target.blur();
  else if (KEYS[event.key]) event.preventDefault(), KEYS[event.key]();
});
byId("pause").addEventListener("click", pause);
byId("theme").addEventListener("click", theme);
byId("filter").addEventListener("input", (event) => hits.filter(event.target.value));
addEventListener("resize", redraw);
if (localStorage.getItem("theme")) set(localStorage.getItem("theme"));
connect();
network.render();
