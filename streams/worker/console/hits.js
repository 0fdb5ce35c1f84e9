// The hits as they come: one row a payment, its explanation opened on demand.

import { byId, clock, count, el, facts, letters, marked } from "./dom.js";
import { show } from "./network.js";

const MOST = 200; // rows kept on the page
const alerts = new Map(); // decision id -> {alert, row}

/** Add an alert once; a delivery repeated after a reconnect changes nothing. */
export function add(alert, fresh) {
  if (alerts.has(alert.decision_id) || !alert.hits?.length) return false;
  const row = rowOf(alert);
  if (fresh) row.classList.add("fresh");
  alerts.set(alert.decision_id, { alert, row });
  byId("hits").prepend(row);
  row.hidden = !matches(alert, byId("filter").value);
  while (alerts.size > MOST) {
    const oldest = [...alerts.values()].find(({ row: candidate }) => !candidate.classList.contains("open"));
    if (!oldest) break;
    oldest.row.remove();
    alerts.delete(oldest.alert.decision_id);
  }
  byId("hits-empty").hidden = true;
  return true;
}

export function filter(text) {
  for (const { alert, row } of alerts.values()) row.hidden = !matches(alert, text);
}

function matches(alert, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const said = alert.hits
    .flatMap((hit) => [hit.value, hit.matched, hit.designation.name, hit.designation.id, hit.action, hit.role, ...(hit.designation.programs ?? [])])
    .concat(alert.payment_id, alert.payment?.amount, alert.payment?.currency)
    .join(" ")
    .toLowerCase();
  return words.every((word) => said.includes(word));
}

/** Move the focus to the next (1) or previous (-1) visible hit. */
export function step(direction) {
  const buttons = [...document.querySelectorAll("#hits > .row:not([hidden]) > button")];
  const at = buttons.indexOf(document.activeElement);
  buttons[at < 0 ? 0 : Math.min(Math.max(at + direction, 0), buttons.length - 1)]?.focus();
}

export function close() {
  const open = document.querySelector("#hits > .row.open > button");
  if (open) open.click(), open.focus();
}

function rowOf(alert) {
  const hits = [...alert.hits].sort((a, b) => b.score - a.score);
  const [best] = hits;
  const more = hits.length > 1 ? ` and ${hits.length - 1} more` : "";
  const button = el(
    "button",
    { type: "button", "aria-expanded": "false" },
    el("time", { datetime: alert.screened_at }, clock(alert.screened_at)),
    el("span", {}, action(hits)),
    el("span", { class: "said" }, marked(best.value, best.explanation, "query"), el("span", { class: "sub" }, `${by(best)}${role(best.role)} of ${alert.payment_id}${amount(alert.payment)}`)),
    el("span", { class: "listed" }, best.designation.name, el("span", { class: "sub" }, [best.designation.id, ...(best.designation.programs ?? [])].join("  ") + more)),
    el("span", { class: "score" }, best.score.toFixed(2), el("meter", { min: 0, max: 1, value: best.score, "aria-label": "score" })),
  );
  const row = el("li", { class: "row" }, button);
  button.addEventListener("click", () => toggle(row, button, alert, hits));
  return row;
}

function toggle(row, button, alert, hits) {
  const opened = row.classList.toggle("open");
  button.setAttribute("aria-expanded", String(opened));
  row.querySelector(".why")?.remove();
  if (!opened) return;
  for (const other of document.querySelectorAll("#hits > .row.open"))
    if (other !== row) other.querySelector("button").click();
  row.append(el("div", { class: "why" }, ...hits.map(reasons), decision(alert)));
  show(hits[0].designation.id);
}

function reasons(hit) {
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
      ]),
    ),
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

function decision(alert) {
  const lists = Object.entries(alert.list ?? {}).filter(([name]) => name !== "offsets");
  const offsets = Object.entries(alert.list?.offsets ?? {}).map(([partition, offset]) => `${partition}:${offset}`);
  return el(
    "dl",
    { class: "facts hit" },
    ...facts([
      ["Payment", `${alert.payment_id}${amount(alert.payment)}${alert.payment?.rail ? `, ${alert.payment.rail}` : ""}`],
      ...(alert.payment?.parties ?? []).map((party) => [role(party.role), [...(party.names ?? []), ...(party.countries ?? []), ...(party.texts ?? [])].join(", ")]),
      ["Decided with", [...lists.map(([name, at]) => `${name} ${at.version} (${count(at.entries)} entries)`), offsets.length ? `offsets ${offsets.join(" ")}` : null].filter(Boolean).join("; ")],
      ["Decision", `${alert.decision_id} in ${alert.latency_ms} ms`],
      ["Policy", (alert.policy ?? "").slice(0, 12)],
    ]),
  );
}

const action = (hits) => {
  const strongest = hits.some((hit) => hit.action === "hold") ? "hold" : hits[0].action;
  return el("span", { class: `tag ${strongest === "hold" ? "hold" : "review"}` }, strongest);
};
const by = (hit) => (hit.reason && hit.reason !== "name" ? `${hit.reason}, ` : "");
const role = (name) => (name ?? "other").replaceAll("_", " ");
const amount = (payment) => (payment?.amount ? `, ${payment.currency ?? ""} ${payment.amount}` : "");
