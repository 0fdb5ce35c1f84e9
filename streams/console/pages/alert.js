// An alert: its line, and why: the words that were compared, the decision, and what was done about it since.

import { amount, count, el, facts, letters, marked, parties, quoted, stamp, word } from "./dom.js";
import { pair } from "./pair.js";
import { link } from "./route.js";

/** The cells of its row: what the policy asks for, the payment's side, the list's side, the score. */
export function cells(alert, hits, state) {
  const [best] = hits;
  const more = hits.length > 1 ? ` and ${hits.length - 1} more` : "";
  return [
    el("span", {}, action(hits), state),
    el("span", {}, marked(best.value, best.explanation, "query"), el("span", { class: "sub" }, `${by(best)}${word(best.role ?? "other")} of ${alert.payment_id}${money(alert.payment)}`)),
    el("span", {}, best.designation.name ?? "", el("span", { class: "sub" }, [best.designation.id, ...(best.designation.programs ?? [])].join("  ") + more)),
    el("span", {}, best.score.toFixed(2), el("meter", { min: 0, max: 1, value: best.score, "aria-label": "score" })),
  ];
}

/** What is behind the row: each hit with its reasons and what can be done, then the decision. */
export function behind(record, hits, states) {
  const alert = record.value;
  const shown = hits.slice(0, MOST_HITS);
  const left = hits.length - shown.length;
  return [
    ...shown.map((hit, at) => reasons(hit, alert.repeats?.[hit.alert_id], states.get(hit.alert_id), at < MOST_PAIRS ? record : null)),
    left > 0 ? el("p", { class: "quiet" }, `${count(left)} more hits not shown; interdict tail alerts --payment=${quoted(alert.payment_id)} --json has them`) : null,
    decision(alert),
  ].filter(Boolean);
}

const MOST_HITS = 20;
const MOST_PAIRS = 5; // whose past is looked up at once

/** "closed, false positive by J. Doe: born 1984" */
export function updated(update) {
  return [update.state, update.verdict && word(update.verdict)].filter(Boolean).join(", ") + (update.by ? ` by ${update.by}` : "") + (update.reason ? `: ${update.reason}` : "");
}

export function reasons(hit, repeat, update, record) {
  const { designation } = hit;
  const quality = [hit.alias_quality === "weak" ? "weak" : null, hit.name_type === "primary" ? "primary name" : hit.name_type].filter(Boolean).join(" ");
  return el(
    "section",
    { class: "hit" },
    el("h3", {}, el("span", { class: `tag ${hit.action === "hold" ? "hold" : "review"}` }, hit.action), el("span", {}, marked(hit.value, hit.explanation, "query")), el("span", { class: "quiet" }, "against"), el("span", {}, marked(hit.matched ?? designation.name, hit.explanation, "matched"))),
    hit.summary ? el("p", { class: "sentence" }, hit.summary) : null,
    pairs(hit.explanation ?? []),
    el(
      "dl",
      { class: "facts" },
      ...facts([
        ["Score", `${hit.score.toFixed(3)}, threshold ${hit.threshold}`],
        ["Designation", `${designation.name} (${designation.id}${designation.kind ? `, ${designation.kind}` : ""})`],
        ["Programs", (designation.programs ?? []).join(", ")],
        ["Matched", `${hit.matched ?? hit.reason}${quality ? `, ${quality}` : ""}`],
        ["Found at", hit.path],
        ["Ties", ties(hit)],
        ["Alerted before", repeat && `number ${repeat.number} of its pair, first ${repeat.first_alert_id}`],
        ["Since", update && `${updated(update)} (${update.at})`],
        ["Suppressed", hit.disposition && `by ${hit.disposition.by}: ${hit.disposition.reason}, until ${hit.disposition.until}`],
        ["Alert", hit.alert_id],
      ]),
    ),
    hit.fingerprint ? el("p", { class: "links" }, el("a", { href: link("alerts", hit.alert_id) }, "this alert"), el("a", { href: link("alerts", `${hit.fingerprint} ${designation.id}`) }, "the pair's alerts"), el("a", { href: link("decisions", `${hit.fingerprint} ${designation.id}`) }, "its decisions"), el("a", { href: link("dispositions", `${hit.fingerprint} ${designation.id}`) }, "its disposition")) : null,
    hit.disposition ? null : command(hit),
    record ? pair(hit, record) : null,
  );
}

function pairs(explanation) {
  if (!explanation.length) return null;
  const head = ["In the payment", "On the list", "How", "Weight", "Similarity"].map((title, at) => el("th", { scope: "col", class: at > 2 ? "num" : null }, title));
  const rows = explanation.map((row) =>
    el(
      "tr",
      { class: row.query && row.matched ? null : "unmatched" },
      el("td", { class: "word" }, row.query ? letters(row.query, row.matched) : "–"),
      el("td", { class: "word" }, row.matched ? letters(row.matched, row.query) : "–"),
      el("td", {}, row.how),
      el("td", { class: "num" }, row.weight.toFixed(2)),
      el("td", { class: "num" }, row.similarity.toFixed(2)),
    ),
  );
  return el("div", { class: "scroll pairs" }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows)));
}

export function decision(alert) {
  const lists = Object.entries(alert.list ?? {}).filter(([name]) => name !== "offsets");
  const offsets = Object.entries(alert.list?.offsets ?? {}).map(([partition, offset]) => `${partition}:${offset}`);
  return el(
    "dl",
    { class: "facts hit" },
    ...facts([
      ["Payment", `${alert.payment_id}${money(alert.payment)}${alert.payment?.rail ? `, ${alert.payment.rail}` : ""}`],
      ...parties(alert.payment),
      ["Decided with", [...lists.map(([name, at]) => `${name} ${at.version} (${count(at.entries)} entries)`), offsets.length ? `offsets ${offsets.join(" ")}` : null].filter(Boolean).join("; ")],
      ["Decision", `${alert.decision_id} in ${alert.latency_ms} ms`],
      ["Notes", (alert.notes ?? []).join("; ")],
      ["Not shown", alert.hits_left_out || alert.hits_not_shown ? `${(alert.hits_left_out ?? 0) + (alert.hits_not_shown ?? 0)} more hits` : null],
      ["Policy", (alert.policy ?? "").slice(0, 12)],
    ]),
  );
}

/** The line that an analyst's terminal takes; copied, not run. */
function command(hit) {
  const line = `interdict dispositions add ${quoted(hit.alert_id)} --verdict false_positive --by "" --reason "" --for 180d`;
  const code = el("code", { tabindex: 0 }, line);
  const button = el("button", { type: "button", class: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code); // no clipboard without HTTPS: marked, to be copied by hand
      button.textContent = "Marked";
    }
  });
  return el("p", { class: "command" }, code, button);
}

const ties = (hit) => (hit.network ?? []).map((tie) => `${tie.one} ${word(tie.relation)} ${tie.other}${tie.percent ? ` (${tie.percent} %)` : ""}`).join("; ");

const action = (hits) => {
  const strongest = hits.some((hit) => hit.action === "hold") ? "hold" : hits[0].action;
  return el("span", { class: `tag ${strongest === "hold" ? "hold" : "review"}` }, strongest);
};
const by = (hit) => (hit.reason && hit.reason !== "name" ? `${hit.reason}, ` : "");
const money = (payment) => (payment?.amount ? `, ${amount(payment)}` : "");
