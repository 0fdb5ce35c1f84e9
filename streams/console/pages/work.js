// What is open, by pair of party and designation, the most urgent first.

import * as alert from "./alert.js";
import { age, amount, byId, count, el, stamp, word } from "./dom.js";
import { hit as learn, show as draw } from "./network.js";
import { link } from "./route.js";
import { build } from "./rows.js";

const POLL_MILLIS = 10000;
const SOON_MILLIS = 500;
let on = false;
let paused = false;
let turn = 0;

/** `asked`: by a person, who is shown the list anew also while a row is open. */
export async function show(asked = true) {
  on = true;
  const mine = ++turn;
  const told = await ask();
  if (!on || mine !== turn || !told || (!asked && busy())) return;
  byId("rows").replaceChildren(...told.pairs.map(row));
  byId("older").hidden = true;
  byId("empty").hidden = told.pairs.length > 0;
  byId("empty").textContent = "Nothing is open.";
  const said = [
    `${count(told.pairs.length + told.not_shown)} open pairs, ${count(told.alerts)} alerts`,
    told.not_shown ? `${count(told.not_shown)} pairs not shown` : null,
    told.not_held ? `about ${count(told.not_held)} more alerts, neither the oldest nor the newest, not shown` : null,
    told.behind ? reading(told) : told.not_shown || told.not_held ? null : "all there are",
    told.all_dispositions ? null : "not all dispositions were read",
    told.waiting_beside ? `${count(told.waiting_beside)} more pairs wait for a second person: interdict dispositions report` : null,
    told.unreadable ? `${count(told.unreadable)} records cannot be read` : null,
  ];
  say(said.filter(Boolean).join("; "));
  if (told.behind) setTimeout(again, SOON_MILLIS);
}

/** What of the topics was not read yet: the page asks on until it was. */
function reading(told) {
  const to = told.read_to ? ` read up to ${stamp(told.read_to)},` : "";
  return `${to} ${count(told.behind)} records still to be read`.trim();
}

export function hide() {
  on = false;
  turn++;
}

export function pause(held) {
  paused = held;
}

async function ask() {
  try {
    const answer = await fetch(`/desk/work?${new URLSearchParams({ by: byId("order").value })}`);
    const told = await answer.json();
    if (answer.ok) return told;
    say(told.error, true);
  } catch {
    say("No answer; the page asks again by itself.", true);
  }
  return null;
}

function row(pair) {
  const record = { at: pair.oldest, partition: pair.alert.partition, offset: pair.alert.offset };
  const state = [...pair.states.map(word), pair.waits_for_approval_of ? `waits for a second person beside ${pair.waits_for_approval_of}` : null].filter(Boolean).join(", ");
  const paid = [amount(pair), pair.rail].filter(Boolean).join(", ");
  const cells = [
    el("span", { class: `tag ${pair.action === "hold" ? "hold" : "review"}` }, pair.action),
    el("span", {}, pair.value || "–", sub([`${count(pair.alerts)} ${pair.alerts === 1 ? "alert" : "alerts"}`, paid, state].filter(Boolean).join("; "))),
    el("span", {}, pair.designation.name, sub(pair.designation.id)),
    due(pair),
  ];
  const behind = el("div", {}, "Looking …");
  return build(record, cells, () => [behind], () => open(pair, behind)).row;
}

const sub = (text) => el("span", { class: "sub" }, text);

function due(pair) {
  const now = Date.now() / 1000;
  if (pair.deadline == null) return el("span", {}, age(now - pair.oldest), sub("old"));
  const left = pair.deadline - now;
  return left < 0 ? el("span", { class: "wrong" }, age(-left), sub("late")) : el("span", {}, age(left), sub("left"));
}

/** The newest alert of the pair, as it stands on its topic. */
async function open(pair, box) {
  const { id, partition, offset } = pair.alert;
  try {
    const asked = new URLSearchParams({ in: "alerts", q: id, until: `${partition}:${offset + 1}`, limit: 1 });
    const [record] = (await (await fetch(`/desk/records?${asked}`)).json()).records;
    const hits = record.value.hits.filter((hit) => hit.alert_id === id);
    for (const hit of hits) learn(hit);
    draw(pair.designation.id);
    box.replaceChildren(...alert.behind(record, hits, new Map()), el("p", {}, el("a", { href: link("alerts", pair.pair.replace("|", " ")) }, "all alerts of this pair")));
  } catch {
    box.replaceChildren("The alert cannot be read just now.");
  }
}

function say(text, wrong = false) {
  byId("looked").textContent = text;
  byId("looked").classList.toggle("wrong", wrong);
}

function again() {
  if (on && !paused && !document.hidden && !busy()) show(false);
}

/** Somebody reads a row, which must not be taken from under them. */
const busy = () => Boolean(document.querySelector("#rows > .row.open"));

setInterval(again, POLL_MILLIS);
