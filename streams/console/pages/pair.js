// One pair of party and designation: what was found of it so far, and the form that says what it is now.

import { el, stamp, word } from "./dom.js";
import { link } from "./route.js";

const USUAL_DAYS = 180;
const WITHDRAWN = "withdrawn";
let rules = null; // {four_eyes, longest_days} where somebody may give dispositions here
let token = ""; // of who gives them; kept by this page alone, and gone with it

export const allow = (form) => (rules = form ?? null);

/** The pair's past and, where it may be given, its disposition; `record` is where the alert stands. */
export function pair(hit, record) {
  if (!hit.fingerprint) return null;
  const past = el("ol", { class: "past" }, el("li", { class: "quiet" }, "Looking …"));
  const said = el("p", { class: "answer", role: "status" });
  const box = el("div", { class: "pair" }, el("h4", {}, "This pair"), past);
  const seen = {}; // the disposition that stands, once it is shown: who decides overrules no other unseen
  const look = () => history(hit, past, said, look, seen);
  if (rules && record) box.append(form(hit, record, said, look, seen));
  box.append(said);
  look();
  return box;
}

async function history(hit, past, said, look, seen) {
  const words = `${hit.fingerprint} ${hit.designation.id}`;
  try {
    const [dispositions, alerts] = await Promise.all(["dispositions", "alerts"].map((kind) => ask(kind, words)));
    // a search finds longer ids, too: those of ofac:12 where ofac:1 is asked for
    const pair = keyOf(hit);
    const own = dispositions.records.filter((record) => record.key === pair || record.key === PROPOSED + pair);
    alerts.records = alerts.records.filter((record) => (record.value?.hits ?? []).some((each) => each.fingerprint === hit.fingerprint && each.designation?.id === hit.designation.id));
    seen.stands = own[0]?.offset ?? null;
    const events = [
      ...own.map((record, at) => [record.at, disposition(record, at === 0, said, look)]),
      ...alerts.records.filter((record) => record.value?.update).map((record) => [record.at, `${word(record.value.update.what)}: alert ${word(record.value.update.state)}`]),
      ...alerts.records.filter((record) => record.value && !record.value.update).map((record) => [record.at, `alerted, payment ${record.value.payment_id}`]),
    ].sort(([a], [b]) => b - a);
    past.replaceChildren(...events.slice(0, MOST).map(([at, text]) => el("li", {}, el("time", {}, stamp(at)), el("span", {}, text))));
    const more = events.length > MOST || alerts.next;
    if (more) past.append(el("li", {}, el("span", {}), el("a", { href: link("alerts", words) }, "more not shown: all its alerts")));
    if (!events.length) past.replaceChildren(el("li", { class: "quiet" }, "Nothing found of it yet."));
  } catch {
    past.replaceChildren(el("li", { class: "quiet" }, "Its past cannot be read just now."));
  }
}

const MOST = 12;
const PROPOSED = "proposed|";

const keyOf = (hit) => `${hit.fingerprint}|${hit.designation.id}`;

async function ask(kind, words) {
  const answer = await fetch(`/desk/records?${new URLSearchParams({ in: kind, q: words, limit: 20 })}`);
  if (!answer.ok) throw new Error(kind);
  return answer.json();
}

function disposition(record, latest, said, look) {
  const proposed = record.key.startsWith(PROPOSED);
  const told = record.value;
  if (!told) return proposed ? "nothing waits for a second person" : `disposition withdrawn${rules?.four_eyes ? "; a true positive counts until two say so" : ""}`;
  const of = proposed ? told.disposition : told;
  const text = `${of ? word(of.verdict) : "withdrawn"} by ${told.by}${told.approved_by ? `, approved by ${told.approved_by}` : ""}: ${told.reason}${of ? `; until ${of.until}` : ""}`;
  if (!(latest && rules?.four_eyes && (proposed || told.verdict === "false_positive") && !told.approved_by)) return text;
  const button = el("button", { type: "button" }, "Approve");
  button.addEventListener("click", () => send({ approve: proposed ? record.key.slice(PROPOSED.length) : record.key, offset: record.offset }, said, look));
  return el("span", {}, text, el("span", { class: "state" }, "waits for a second person "), button);
}

function form(hit, record, said, look, seen) {
  const choice = (verdict, text, checked) => el("label", {}, el("input", { type: "radio", name: `verdict-${hit.alert_id}`, value: verdict, ...(checked ? { checked: "" } : {}) }), text);
  const reason = el("textarea", { rows: 2, maxlength: 4000, required: "", placeholder: "Why, in words that an examiner understands" });
  const days = el("input", { type: "number", min: 1, max: 36525, value: Math.min(USUAL_DAYS, rules.longest_days), required: "" });
  const box = el(
    "form",
    { class: "give" },
    el("fieldset", {}, el("legend", {}, "What it was found to be"), choice("false_positive", "false positive", true), choice("true_positive", "true positive", false), choice(WITHDRAWN, "withdraw what stands", false)),
    el("label", { class: "wide" }, "Reason", reason),
    el("label", {}, "Days that it counts", days),
    secret(),
    el("button", { type: "submit" }, "Give the disposition"),
    rules.four_eyes ? el("p", { class: "quiet wide" }, "What would release more counts when a second person has approved it; until then what stands does.") : null,
  );
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    const verdict = box.querySelector("input:checked").value;
    if (verdict === WITHDRAWN) send({ withdraw: keyOf(hit), offset: seen.stands, reason: reason.value }, said, look);
    else send({ alert_id: hit.alert_id, partition: record.partition, offset: record.offset, verdict, reason: reason.value, days: Number(days.value), ...seen }, said, look);
  });
  return box;
}

/** Asked once a page: the token goes along where this page puts it, never by itself. */
function secret() {
  const input = el("input", { type: "password", autocomplete: "off", value: token, class: "secret" });
  input.addEventListener("input", () => (token = input.value));
  return el("label", {}, "Your token", input);
}

async function send(body, said, look) {
  said.classList.remove("wrong");
  said.textContent = "Sending …";
  try {
    const answer = await fetch("/desk/dispositions", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const told = await answer.json().catch(() => ({ error: "Your token is not known here." }));
    if (!answer.ok) throw new Error(told.error);
    const given = told.disposition ? `${word(told.disposition.verdict)} until ${told.disposition.until}` : "withdrawn";
    said.textContent = `${given}${told.waits ? ", when a second person has approved it" : ""}`;
    look();
  } catch (error) {
    said.classList.add("wrong");
    said.textContent = error.message;
    look();
  }
}
