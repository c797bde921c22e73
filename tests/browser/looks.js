// What axe's colour rules depend on, as one number for each element with words of its own: colour and shadow of its
// letters, whether they are large, and of everything that it stands in what lies behind or over it, or makes it paler.
(() => {
  const styles = new Map();

  function styleOf(element) {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  }

  function hasWords(element) {
    if (element.matches("input, select, textarea, button")) return true;
    return [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  }

  function ground(element) {
    const style = styleOf(element);
    return [
      ["backgroundColor", "rgba(0, 0, 0, 0)"], ["backgroundImage", "none"], ["opacity", "1"],
      ["position", "static", "relative"], ["filter", "none"], ["mixBlendMode", "normal"], ["clip", "auto"],
      ["clipPath", "none"],
    ].filter(([name, ...usual]) => !usual.includes(style[name])).map(([name]) => `${name}:${style[name]}`).join(" ");
  }

  const grounds = new Map();

  function groundsOf(element) {
    if (!grounds.has(element)) {
      const above = element.parentElement ? groundsOf(element.parentElement) : "";
      const own = ground(element);
      grounds.set(element, own ? `${above}>${own}` : above);
    }
    return grounds.get(element);
  }

  // As WCAG says, to which a weaker contrast is enough: 18 points, or 14 and bold.
  function isLarge(style) {
    const points = parseFloat(style.fontSize) * 0.75;
    return points >= 18 || (points >= 14 && style.fontWeight >= 700);
  }

  // A link among other words must differ from them.
  function ofLink(element) {
    if (element.tagName !== "A" || !hasWords(element.parentElement)) return [];
    const [own, around] = [styleOf(element), styleOf(element.parentElement)];
    return ["in words", own.textDecorationLine, own.borderBottom, own.fontStyle, around.color, around.fontWeight];
  }

  function lookOf(element) {
    const style = styleOf(element);
    return [
      groundsOf(element), style.color, isLarge(style), style.textShadow, ...ofLink(element),
    ].join("|");
  }

  // A number instead of a long string: 53 bits of it (cyrb53).
  function short(text) {
    let [a, b] = [0xdeadbeef, 0x41c6ce57];
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0);
  }

  const found = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!hasWords(element) || !element.checkVisibility()) continue;
    const look = short(lookOf(element));
    if (!found.has(look)) found.set(look, element);
  }
  return found;
})()
