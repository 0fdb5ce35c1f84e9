// What one worker does just now: rates, list changes, lists in force. Only a worker serves it.

import { WINDOW, draw } from "./chart.js";
import { age, byId, clock, count, el, facts, millis } from "./dom.js";
import * as network from "./network.js";

const OBJECTIVE_SECONDS = 0.1; // read to decision at p99
const STALE_SECONDS = 14 * 86400; // a list that has not changed for so long asks whether anybody looks at its source
const ticks = []; // {time, ...tick}, oldest first
const effects = []; // [time, seconds]
const changes = new Set();
let paused = false;
let waiting = []; // events that came while paused
let alerted = () => {};

function onTick(tick) {
  const time = Date.parse(tick.at);
  if (ticks.length && time <= ticks.at(-1).time) return;
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

/** Health, lists and facts, of a worker's events or of a console that is asked. */
export function onStatus(record) {
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

const explore = (designation) => network.explore((designation.links ?? []).map((link) => link.to)).then(network.redraw);

function health(state, text) {
  byId("health").dataset.state = state;
  byId("health-text").textContent = text;
}

const HANDLERS = { tick: onTick, status: onStatus, designation: onDesignation, alert: () => alerted() };

/** Follow the worker's events; `onAlert` is called when it alerted. */
export function follow(onAlert) {
  alerted = onAlert;
  const source = new EventSource("/events");
  source.addEventListener("error", () => health("lost", "Reconnecting"));
  for (const [kind, handle] of Object.entries(HANDLERS))
    source.addEventListener(kind, (event) => {
      const record = kind === "alert" ? null : JSON.parse(event.data);
      if (paused && kind !== "status") waiting.length < 5000 && waiting.push([handle, record]);
      else handle(record);
    });
}

/** Ask a console without a worker how it is, every now and then. */
export async function poll() {
  try {
    onStatus(await (await fetch("/status.json")).json());
  } catch {
    health("lost", "Reconnecting");
  }
}

export function pause(on) {
  paused = on;
  if (paused) return;
  const missed = waiting;
  waiting = [];
  for (const [handle, record] of missed) handle(record);
}
