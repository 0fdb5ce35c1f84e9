// Small time charts in SVG. Colours come from the style sheet, so light and dark need no redraw.

import { svg } from "./dom.js";

export const WINDOW = 300; // seconds shown at most, the same as the worker keeps

/**
 * Draw layers over the `seconds` that end `now`: {kind: "area"|"main"|"second"|"bars", points: [[time, value]]}.
 * `goal` is drawn as a dashed line once values come near it.
 */
export function draw(node, now, seconds, layers, goal) {
  const width = 600;
  const height = 100;
  const values = layers.flatMap((layer) => layer.points.map(([, value]) => value));
  const top = Math.max(...values, Number.MIN_VALUE) * 1.15;
  const x = (time) => Number((width * (1 - (now - time) / 1000 / seconds)).toFixed(1));
  const y = (value) => Number((height * (1 - value / top)).toFixed(1));
  node.setAttribute("viewBox", `0 0 ${width} ${height}`);
  node.setAttribute("preserveAspectRatio", "none");
  node.replaceChildren(...layers.filter((layer) => layer.points.length).map((layer) => path(layer, x, y, height)));
  if (goal && goal < top) node.append(svg("line", { class: "goal", x1: 0, x2: width, y1: y(goal), y2: y(goal) }));
}

function path({ kind, points }, x, y, height) {
  if (kind === "bars") {
    const bars = points.filter(([, value]) => value > 0);
    const d = bars.map(([time, value]) => `M${x(time) - 1.5} ${height}V${y(value)}h3V${height}z`);
    return svg("path", { class: kind, d: d.join("") });
  }
  const line = points.map(([time, value], index) => `${index ? "L" : "M"}${x(time)} ${y(value)}`).join("");
  if (kind !== "area") return svg("path", { class: kind, d: line });
  return svg("path", { class: kind, d: `${line}L${x(points.at(-1)[0])} ${height}L${x(points[0][0])} ${height}z` });
}
