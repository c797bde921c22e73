// The editor's buttons put Markdown around the selection; without script they are not shown.
const wrap = (mark, text) => {
  if (mark === "[") return `[${text}](https://)`;
  if (mark.endsWith(" ")) return text.replace(/^/gm, mark);
  return text.replace(/^(\s*)(.*?)(\s*)$/s, `$1${mark}$2${mark}$3`);
};
for (const bar of document.querySelectorAll("[data-toolbar]")) bar.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-md]");
  if (!button) return;
  const { md: mark } = button.dataset;
  const area = button.closest("[data-editor]").querySelector("textarea");
  const { selectionStart: start, selectionEnd: end } = area;
  area.setRangeText(wrap(mark, area.value.slice(start, end)), start, end, "end");
  if (start === end) area.setSelectionRange(start + mark.length, start + mark.length); // what is typed next stands inside
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

// Ctrl (on a Mac: Cmd) with Enter posts, with B, I and K marks up.
const keys = { b: "**", i: "_", k: "[" };
document.addEventListener("keydown", (event) => {
  const area = (event.ctrlKey || event.metaKey) && event.target.closest?.("[data-editor] textarea");
  if (!area) return;
  if (event.key === "Enter") area.form.requestSubmit(area.form.querySelector("button.primary"));
  const mark = keys[event.key.toLowerCase()];
  const button = mark && area.closest("div[data-editor]").querySelector(`[data-md="${mark}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// How many characters are left, in words, next to the field's hint.
document.addEventListener("input", (event) => {
  const { limit } = event.target.dataset;
  const hint = limit && document.getElementById(`${event.target.id}_helptext`);
  if (!hint) return;
  hint.dataset.words ??= hint.textContent;
  hint.textContent = `${hint.dataset.words} ${event.target.value.length} of ${limit} characters.`;
});
