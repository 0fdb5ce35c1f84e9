// A record as a row: its line, and what is behind it when it is opened.

import * as alert from "./alert.js";
import { amount, el, facts, parties, stamp, word } from "./dom.js";
import { show } from "./network.js";
import { link } from "./route.js";

/** {row, restate}, or null for a record that has nothing to show; `states` are the alerts' updates. */
export function row(kind, record, states) {
  try {
    return rowOf(kind, record, states);
  } catch {
    return build(record, [null, record.key, "cannot be shown: not what this topic holds"], () => [raw(record)], () => {});
  }
}

function rowOf(kind, record, states) {
  const value = record.value;
  if (kind === "alerts" && value?.hits?.length) return alertRow(record, states);
  const said = value ? LINES[kind]?.(record, value) : null;
  const cells = said ?? [null, record.key, value === null ? "taken back" : record.text ?? ""];
  return build(record, cells, () => [said ? BEHIND[kind](record, value) : raw(record)], () => kind === "designations" && value && show(value.id));
}

function alertRow(record, states) {
  const told = record.value;
  const hits = [...told.hits].sort((a, b) => b.score - a.score);
  const state = el("span", { class: "state" });
  const made = build(record, alert.cells(told, hits, state), () => alert.behind(record, hits, states), () => show(hits[0].designation.id));
  made.restate = (known) => {
    const update = hits.map((hit) => known.get(hit.alert_id)).find(Boolean);
    made.row.classList.toggle("over", update?.state === "closed" || update?.state === "superseded");
    state.textContent = update ? alert.updated(update) : "";
  };
  made.restate(states);
  return made;
}

/** A row of five cells that opens; `behind` makes what is under it, `opened` is called then. */
export function build(record, [mark, ...cells], behind, opened) {
  const [said, listed, end] = cells.map((cell) => cell ?? "");
  const button = el(
    "button",
    { type: "button", "aria-expanded": "false" },
    el("time", { datetime: new Date(record.at * 1000).toISOString() }, stamp(record.at)),
    el("span", {}, mark),
    el("span", { class: "said" }, said),
    el("span", { class: "listed" }, listed),
    el("span", { class: "score" }, end ?? ""),
  );
  const made = { row: el("li", { class: "row" }, button), restate: () => {} };
  button.addEventListener("click", () => {
    const open = made.row.classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
    made.row.querySelector(".why")?.remove();
    if (!open) return;
    for (const other of document.querySelectorAll("#rows > .row.open")) if (other !== made.row) other.querySelector("button").click();
    made.row.append(el("div", { class: "why" }, ...behind()));
    opened();
  });
  return made;
}

const hits = (number) => (number === 1 ? "1 hit" : `${number} hits`);
const sub = (text) => el("span", { class: "sub" }, text);
const pair = (main, under) => el("span", {}, main, sub(under));
const tag = (name, text) => el("span", { class: `tag ${name}` }, text);

const LINES = {
  decisions: (record, value) => [
    tag(value.outcome, value.outcome ?? "?"),
    pair(value.payment_id ?? record.key, value.error ?? `${hits(value.hits?.length ?? 0)}${value.suppressed?.length ? `, ${value.suppressed.length} suppressed` : ""}`),
    pair(value.hits?.[0]?.designation?.name ?? "", value.trigger ?? ""),
    value.latency_ms != null ? `${Number(value.latency_ms).toFixed(1)} ms` : "",
  ],
  payments: (record, value) => {
    const [first] = value.payments ?? [];
    const more = value.payments?.length > 1 ? ` and ${value.payments.length - 1} more` : "";
    return first && [null, pair(`${first.id}${more}`, amount(first)), pair(parties(first).map(([, said]) => said).join(" → "), first.rail ?? ""), first.format];
  },
  designations: (record, value) => value.id && [null, pair(value.name, value.id), pair((value.programs ?? []).join(", "), (value.countries ?? []).join(", ")), value.kind],
  dispositions: (record, value) => {
    const of = "disposition" in value ? value.disposition : value;
    const said = !of ? "withdrawn" : of.verdict === "true_positive" ? "true" : "false";
    return (
      (value.verdict || "disposition" in value) && [
        tag(said === "true" ? "hold" : "clear", said),
        pair(of?.designation_id ?? value.pair, value.reason),
        pair(`${value.by}${value.approved_by ? `, ${value.approved_by}` : ""}`, [value.pair && !value.approved_by ? "proposed" : null, of ? `until ${of.until}` : null].filter(Boolean).join(", ")),
        null,
      ]
    );
  },
};

const BEHIND = {
  decisions: (record, value) =>
    el(
      "div",
      {},
      ...(value.hits ?? []).map((hit) => alert.reasons(hit)),
      ...(value.suppressed ?? []).map((hit) => alert.reasons(hit)),
      alert.decision(value),
      el("p", {}, el("a", { href: link("payments", value.payment_id) }, "the payment"), " ", el("a", { href: link("alerts", value.payment_id) }, "its alerts")),
    ),
  payments: (record, value) =>
    el(
      "div",
      {},
      ...(value.payments ?? []).map((payment) => el("dl", { class: "facts hit" }, ...facts([["Payment", payment.id], ["Amount", amount(payment)], ["Rail", payment.rail], ["UETR", payment.uetr], ...parties(payment)]))),
      el("p", {}, el("a", { href: link("decisions", record.key) }, "what was decided")),
    ),
  designations: (record, value) => el("dl", { class: "facts" }, ...facts([["Also known as", (value.aliases ?? []).join("; ")], ["Programs", (value.programs ?? []).join(", ")], ["Countries", (value.countries ?? []).join(", ")], ["Listed on", value.listed_on], ["Published", stamp(record.at)]]), el("dt", {}, ""), el("dd", {}, el("a", { href: link("alerts", value.id) }, "its alerts"))),
  dispositions: (record, value) => el("dl", { class: "facts" }, ...facts(Object.entries({ ...value.disposition, ...value, disposition: null }).filter(([, said]) => said !== null).map(([name, said]) => [word(name), String(said)])), el("dt", {}, ""), el("dd", {}, el("a", { href: link("alerts", (value.pair ?? `${value.fingerprint}|${value.designation_id}`).replace("|", " ")) }, "the pair's alerts"))),
};

const raw = (record) => el("dl", { class: "facts" }, ...facts([["Key", record.key], ["Place", `partition ${record.partition}, offset ${record.offset}`], ["Unreadable", record.unreadable], ["Value", record.text], ["Bytes", record.bytes]]));
