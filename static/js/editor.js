// The editor's buttons put Markdown around the selection; without script they are not shown.
const wrap = (mark, text) => {
  if (mark === "[") return `[${text}](https://)`;
  if (mark.endsWith(" ")) return text.replace(/^/gm, mark);
  return mark + text + mark;
};
for (const bar of document.querySelectorAll("[data-toolbar]")) bar.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-md]");
  if (!button) return;
  const area = button.closest("[data-editor]").querySelector("textarea");
  const selected = area.value.slice(area.selectionStart, area.selectionEnd);
  area.setRangeText(wrap(button.dataset.md, selected), area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

// How many characters are left, in words, next to the field's hint.
document.addEventListener("input", (event) => {
  const { limit } = event.target.dataset;
  const hint = limit && document.getElementById(`${event.target.id}_helptext`);
  if (!hint) return;
  hint.dataset.words ??= hint.textContent;
  hint.textContent = `${hint.dataset.words} ${event.target.value.length} of ${limit} characters.`;
});
