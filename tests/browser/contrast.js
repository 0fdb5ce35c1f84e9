// Every visible text of the page with the contrast of its colour to what is behind it (WCAG 2.2, 1.4.3).
() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parse = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const backing = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const rgba = parse(getComputedStyle(at).backgroundColor);
      if (rgba.length < 4 || rgba[3] > 0) return rgba;
    }
    return [255, 255, 255];
  };
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest("svg, .skip, script, noscript")) continue;
    if (node.closest(".row")) node.closest(".row").classList.remove("fresh");
    const [a, b] = [luminance(parse(getComputedStyle(node).color)), luminance(backing(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const where = node.tagName + "." + node.className + " " + walker.currentNode.data.trim().slice(0, 20);
    found[where] = Math.min(found[where] ?? 99, Math.round(ratio * 100) / 100);
  }
  return found;
}
