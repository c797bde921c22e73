// Formatted text that is pasted becomes Markdown where that is simple; everything else comes as plain text.
const around = { B: "**", STRONG: "**", I: "_", EM: "_", CODE: "`", S: "~~", DEL: "~~" };
const inside = (node) => [...node.childNodes].map(markdown).join("");
const lines = (text, mark) => text.trim().replace(/\n{3,}/g, "\n\n").replace(/^/gm, mark);
const tidy = (text) => text.replace(/[ \t]+\n/g, "\n").replace(/\n[ \t]+(?![ -])/g, "\n").replace(/\n{3,}/g, "\n\n");
const block = (text) => `\n\n${text.trim()}\n\n`;

const markdown = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE || /^(SCRIPT|STYLE|META|TITLE|HEAD)$/.test(node.tagName)) return "";
  const text = inside(node);
  if (around[node.tagName] && text.trim() && !/font-weight:\s*(normal|400)/.test(node.dataset.style)) {
    return text.replace(/^(\s*)(.*?)(\s*)$/s, `$1${around[node.tagName]}$2${around[node.tagName]}$3`);
  }
  switch (node.tagName) {
    case "A": return /^https?:/.test(node.href) && text.trim() ? `[${text.trim()}](${node.href})` : text;
    case "BR": return "\n";
    case "LI": return `${node.parentNode.tagName === "OL" ? `${[...node.parentNode.children].indexOf(node) + 1}.` : "-"} ${text.trim().replace(/\n+/g, "\n  ")}\n`;
    case "BLOCKQUOTE": return block(lines(text, "> "));
    case "PRE": return block(`\`\`\`\n${node.textContent.trim()}\n\`\`\``);
    case "H1": case "H2": case "H3": case "H4": return block(`**${text.trim()}**`);
    case "P": case "DIV": case "UL": case "OL": case "TR": case "SECTION": case "ARTICLE": return block(text);
    default: return text;
  }
};

// Styles and handlers are never applied, and the page's policy complains of them: they are taken out before it is read.
const read = (html) => {
  const quiet = html.replace(/<style[^]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  return new DOMParser().parseFromString(quiet, "text/html").body;
};

document.addEventListener("paste", (event) => {
  const area = event.target.closest?.("[data-editor] textarea");
  const html = area && event.clipboardData.getData("text/html");
  if (!html) return;
  const page = read(html);
  if (!page.querySelector("a[href],b,strong,i,em,li,blockquote,pre,h1,h2,h3,h4")) return; // plain text does as well
  event.preventDefault();
  const text = inside(page).split(/(^```[^]*?^```$)/m).map((part, place) => (place % 2 ? part : tidy(part))).join("").trim();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
