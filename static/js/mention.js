// While a name is typed after an @, the members that may be meant: those of the topic first. Arrows, Enter or Tab choose.
const PAUSE = 250;
const BEFORE = /(?:^|[^\w@./:-])@(?!\s)([^\n@]{0,30})$/u; // what stands before the caret
const known = new Map(); // answers by address
let area, list, waiting, asked, typed = "", chosen = 0;

const editor = (node) => node?.closest?.("form[data-mentions] [data-editor] textarea");
const options = () => [...(list?.querySelectorAll("[role=option]") ?? [])];
const isOpen = () => Boolean(list && !list.hidden);

const close = () => {
  clearTimeout(waiting);
  asked?.abort();
  if (!list) return;
  list.hidden = true;
  area?.removeAttribute("aria-activedescendant");
};

const mark = (place) => {
  const all = options();
  chosen = (place + all.length) % all.length;
  all.forEach((one, at) => one.setAttribute("aria-selected", at === chosen));
  area.setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
};

const show = (names) => {
  if (!names.length) return close();
  if (!list || list.dataset.of !== area.id) {
    list?.remove();
    area.insertAdjacentHTML("afterend", `<ul class="mentions" id="mentions" role="listbox" aria-label="Members" data-of="${area.id}"></ul>`);
    list = area.nextElementSibling;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);
  }
  list.replaceChildren(...names.map((name, at) => {
    const option = document.createElement("li");
    Object.assign(option, { id: `mention-${at}`, role: "option", dir: "auto", textContent: name });
    return option;
  }));
  list.hidden = false;
  mark(0);
};

const ask = async (address) => {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok || answer.redirected) return;
    known.set(address, (await answer.json()).names);
    if (address === typed) show(known.get(address));
  } catch { /* a newer question, or no line: there is no list */ }
};

const look = (field) => {
  close();
  area = field;
  const found = field.selectionStart === field.selectionEnd && BEFORE.exec(field.value.slice(0, field.selectionStart));
  if (!found || found[1].split(/\s+/).length > 5) return;
  typed = `${field.closest("[data-mentions]").dataset.mentions}&q=${encodeURIComponent(found[1])}`;
  if (known.has(typed)) show(known.get(typed));
  else waiting = setTimeout(ask, PAUSE, typed);
};

const take = (option) => {
  const end = area.selectionStart;
  const start = area.value.lastIndexOf("@", end - 1) + 1;
  close();
  area.setRangeText(`${option.textContent} `, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  close();
  area.focus();
};

document.addEventListener("input", (event) => {
  const field = editor(event.target);
  if (field && !event.isComposing) look(field);
});
document.addEventListener("compositionend", ({ target }) => { if (editor(target)) look(target); });
document.addEventListener("keydown", (event) => {
  if (!isOpen() || event.target !== area || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {
    ArrowDown: () => mark(chosen + 1),
    ArrowUp: () => mark(chosen - 1),
    Enter: () => take(options()[chosen]),
    Tab: () => take(options()[chosen]),
    Escape: close,
  }[event.key];
  if (!act || event.shiftKey) return;
  event.preventDefault();
  act();
}, { capture: true });
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".mentions [role=option]");
  if (option) event.preventDefault(); // the field keeps the focus, and a telephone its keyboard
  else if (isOpen()) close();
});
document.addEventListener("click", ({ target }) => { const option = target.closest?.(".mentions [role=option]"); if (option) take(option); });
if (editor(document.activeElement)) look(document.activeElement); // what was typed while this came
