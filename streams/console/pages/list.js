// One search over one topic: the newest records, what came since, and further back as far as asked.
// What is not shown is said, and can be shown: nothing is passed over.

import { byId, count, el, stamp } from "./dom.js";
import { row } from "./rows.js";

const MOST = 200; // rows kept on the page while new ones come
const FIRST = 50;
const POLL_MILLIS = 2000;

let view = { in: "alerts", q: "" };
let items = []; // {record, row} or {gap, row}, the newest first
let states = new Map(); // alert id -> its last update; updates come before the alerts they are about
let older = null; // offsets from which to look further back; null: nothing is left
let ends = ""; // what comes after is new
let most = MOST;
let turn = 0; // answers to an earlier question are dropped
let polling = false;
let paused = false;
let failed = false; // the first question of this view had no answer: it is asked again
let listeners = [];

export const onRecord = (listener) => listeners.push(listener);
export const shown = () => view;

/** Ask for another view; the address is the caller's. */
export async function show(next) {
  view = next;
  items = [];
  states = new Map();
  [older, ends, most, failed] = [null, "", MOST, false];
  const mine = ++turn;
  byId("rows").replaceChildren();
  say("Looking …");
  byId("older").hidden = true;
  byId("empty").hidden = true;
  const answer = await ask({ limit: FIRST });
  if (mine !== turn) return;
  failed = !answer;
  if (failed) return;
  ends = answer.ends;
  older = answer.next;
  append(answer, byId("rows"), null);
  settle(answer.looked);
}

/** Another view has the page. */
export function hide() {
  turn++;
  items = [];
  [older, ends, failed] = [null, "", false];
  byId("rows").replaceChildren();
  byId("older").hidden = true;
}

/** Look for what came since; called every now and then, and when the worker says that it alerted. */
export async function refresh() {
  if (polling || paused || document.hidden) return;
  if (failed) return show(view);
  if (!ends) return;
  polling = true;
  const mine = turn;
  try {
    const before = ends;
    const answer = await ask({ after: before, limit: MOST }, true);
    if (mine !== turn || paused || !answer) return;
    ends = answer.ends;
    if (answer.next) items.unshift(gap(answer.next, before, answer.looked.of - answer.looked.records));
    const fresh = answer.records.map((record) => make(record, true)).filter(Boolean);
    items.unshift(...fresh);
    const first = byId("rows").firstChild;
    for (const item of items.slice(0, fresh.length + (answer.next ? 1 : 0))) byId("rows").insertBefore(item.row, first);
    trim();
    if (answer.records.length) settle();
  } finally {
    polling = false;
  }
}

/** Look further back from where the list ends. */
export async function further() {
  if (!older) return;
  const mine = turn;
  byId("older").disabled = true;
  const answer = await ask({ until: older, limit: FIRST });
  byId("older").disabled = false;
  if (mine !== turn || !answer) return;
  older = answer.next;
  append(answer, byId("rows"), null);
  most = Math.max(most, items.length);
  settle(answer.looked);
}

export function pause(on) {
  paused = on;
  if (!on) refresh();
}

/** Move the focus to the next (1) or previous (-1) row. */
export function step(direction) {
  const buttons = [...document.querySelectorAll("#rows > .row > button")];
  const at = buttons.indexOf(document.activeElement);
  buttons[at < 0 ? 0 : Math.min(Math.max(at + direction, 0), buttons.length - 1)]?.focus();
}

export function close() {
  const open = document.querySelector("#rows > .row.open > button");
  if (open) open.click(), open.focus();
}

async function ask(more, quiet = false) {
  const asked = new URLSearchParams({ in: view.in, q: view.q, ...more });
  try {
    const answer = await fetch(`/desk/records?${asked}`);
    const told = await answer.json();
    if (answer.ok) return told;
    say(told.error, true);
  } catch {
    if (!quiet) say("No answer; the page asks again by itself.", true);
  }
  return null;
}

function append(answer, parent, before) {
  const made = answer.records.map((record) => make(record, false)).filter(Boolean);
  items.push(...made);
  for (const item of made) parent.insertBefore(item.row, before);
}

/** A record as a row; an update of an alert is no row of its own, the alert shows it. */
function make(record, fresh) {
  for (const listener of listeners) listener(view.in, record, fresh);
  const update = record.value?.update;
  if (view.in === "alerts" && update) {
    for (const hit of record.value.hits ?? []) if (!states.has(hit.alert_id) || fresh) states.set(hit.alert_id, update);
    if (fresh) for (const item of items) item.record?.value?.hits?.some((hit) => states.has(hit.alert_id)) && item.restate(states);
    return null;
  }
  const made = row(view.in, record, states);
  if (!made) return null;
  if (fresh) made.row.classList.add("fresh");
  return { record, ...made };
}

/** So many records came at once that they are not all shown: a row that says so and shows them. */
function gap(next, after, left) {
  const button = el("button", { type: "button" }, `${count(left)} more not shown: show them`);
  const item = { gap: next, row: el("li", { class: "gap" }, button) };
  button.addEventListener("click", async () => {
    const mine = turn;
    const answer = await ask({ until: item.gap, after, limit: MOST });
    if (mine !== turn || !answer || !item.row.isConnected) return;
    const made = answer.records.map((record) => make(record, false)).filter(Boolean);
    items.splice(items.indexOf(item), 0, ...made);
    for (const one of made) byId("rows").insertBefore(one.row, item.row);
    most = Math.max(most, items.length);
    item.gap = answer.next;
    if (answer.next) button.textContent = `${count(answer.looked.of - answer.looked.records)} more not shown: show them`;
    else items.splice(items.indexOf(item), 1), item.row.remove();
  });
  return item;
}

/** The oldest rows leave the page as new ones come; looking further back begins there then. */
function trim() {
  const left = new Map((older ?? "").split(",").filter(Boolean).map((at) => at.split(":").map(Number)));
  while (items.length > most && !items.at(-1).row.classList.contains("open")) {
    const item = items.pop();
    item.row.remove();
    const gone = item.gap ? item.gap.split(",").map((at) => at.split(":").map(Number)) : [[item.record.partition, item.record.offset + 1]];
    for (const [partition, offset] of gone) left.set(partition, Math.max(left.get(partition) ?? 0, offset));
  }
  older = [...left].map(([partition, offset]) => `${partition}:${offset}`).join(",") || null;
}

let looked = null;

/** Say how far back was looked, and what is not shown. */
function settle(now) {
  looked = now ?? looked;
  const rows = items.filter((item) => item.record).length;
  const oldest = items.findLast?.((item) => item.record)?.record.at;
  byId("older").hidden = !older;
  byId("empty").hidden = rows > 0;
  byId("empty").textContent = older ? "Nothing found so far." : view.q ? "Nothing found." : EMPTY[view.in];
  const back = older ? Math.max(looked?.back_to ?? 0, oldest ?? 0) : null;
  about(back === null ? `${count(rows)} shown, all there are` : `${count(rows)} shown, looked back to ${stamp(back)}; there is more`, looked?.unread);
}

const EMPTY = {
  alerts: "No alert yet. Each one appears here the moment it is on its topic.",
  decisions: "No decision yet.",
  payments: "No payment yet.",
  designations: "No designation is published.",
  dispositions: "No disposition was given yet.",
};

const about = (text, unread) => say(unread ? `${text}; ${count(unread)} records cannot be decompressed` : text);

function say(text, wrong = false) {
  byId("looked").textContent = text;
  byId("looked").classList.toggle("wrong", wrong);
}

setInterval(refresh, POLL_MILLIS);
document.addEventListener("visibilitychange", refresh);
