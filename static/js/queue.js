// The queue by keyboard: J and K move, a letter presses the button that shows it, Z takes back. Without it all is forms.
const list = document.querySelector("[data-queue]");
const side = document.querySelector("#context");
const done = []; // what can be taken back here, the latest act last
const sentFrom = new WeakMap(); // where the moderator was when a request went out
const FIELDS = "input:not([type=radio]), textarea, select";

const current = () => list.querySelector("[aria-current]");
const waits = (item) => !item.hidden && !("done" in item.dataset);

function select(item, focus = true) {
  current()?.removeAttribute("aria-current");
  if (!item) return;
  item.setAttribute("aria-current", "true");
  if (focus) item.focus();
  follow(item);
}

// The side is about the item that is chosen, and about no other: what came late is left out.
function follow(item) {
  if (!side) return;
  const address = item.dataset.context ?? "";
  if (!address) side.replaceChildren();
  if (side.dataset.shows === address) return;
  side.dataset.shows = address;
  if (!address) return;
  side.setAttribute("aria-busy", "true");
  window.htmx?.ajax("GET", address, { target: side, swap: "innerHTML" }).catch(() => {});
}

function isLate({ requestConfig, target }) {
  return target === side && requestConfig.path !== side.dataset.shows;
}

function step(item, direction) {
  do item = direction > 0 ? item.nextElementSibling : item.previousElementSibling;
  while (item?.hidden);
  return item;
}

function pressed(event) {
  if (event.target.closest(FIELDS)) return leave(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return leave(event);
  const key = event.key.toUpperCase();
  if (key === "J" || key === "K") {
    const next = current() ? step(current(), key === "J" ? 1 : -1) : list.firstElementChild;
    if (next) select(next);
  } else if (event.repeat) {
    return; // a key that is held down acts once, and goes through no question
  } else if (key === "Z") {
    const undo = done.map((id) => document.getElementById(id)?.querySelector("[data-undo]")).filter(Boolean).at(-1);
    (undo ?? document.querySelector("[data-undo]"))?.click();
  } else if (/^[1-9]$/.test(key)) {
    current()?.querySelectorAll("[name=preset]")[key - 1]?.click();
  } else if (key === "?") {
    document.querySelector("#keys")?.toggleAttribute("open");
  } else {
    const button = current()?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    button.click();
  }
  event.preventDefault();
}

// Out of a field, so that the next letter acts. Enter chooses no act: the first button may be a merging.
function leave(event) {
  const isDone = event.key === "Escape" || (event.key === "Enter" && event.target.matches("input"));
  if (!isDone || event.isComposing || !current()?.contains(event.target)) return;
  event.preventDefault();
  current().focus();
}

// On a slow line the moderator may be elsewhere when the answer comes, perhaps in the middle of a word.
function isElsewhere(xhr) {
  const item = current();
  return (item && item !== sentFrom.get(xhr)) || document.activeElement.matches(FIELDS);
}

// What an act settled besides is out of the way, and comes back with it.
function setAside(item, isHidden) {
  for (const id of item.dataset?.settled?.split(" ") ?? []) {
    const other = document.getElementById(`item${id}`);
    if (other) other.hidden = isHidden;
  }
}

// What was done stands where it was, with its way back; the next one that waits is at hand.
function swapped(event) {
  const item = event.detail.elt;
  if (!item.matches?.("[data-queue] > li")) return;
  const stays = isElsewhere(event.detail.xhr);
  if (waits(item)) return stays || select(item);
  setAside(item, true);
  done.push(item.id);
  if (stays) return;
  let next = item;
  while (next && !waits(next)) next = step(next, 1);
  next ??= [...list.children].find(waits);
  if (next) return select(next);
  select(item);
  document.querySelector("[data-next]")?.focus();
}

// Words of a refusal are shown where they come as an item, in which stands what was typed.
function answered(event) {
  const { xhr, target } = event.detail;
  if (isLate(event.detail)) return void (event.detail.shouldSwap = false);
  if (target === side) side.removeAttribute("aria-busy");
  const isItem = xhr.response.trimStart().startsWith("<li");
  if ([400, 403, 409].includes(xhr.status) && isItem) Object.assign(event.detail, { shouldSwap: true, isError: false });
  else if (xhr.status < 400) setAside(target, false);
}

// The act did not arrive, or nobody there understood it: it says so beside the form, which stays as it is.
function failed(event) {
  if (event.detail.target === side && side && !isLate(event.detail)) {
    side.replaceChildren(); // nothing is better than the member of another item
    side.removeAttribute("aria-busy");
    side.dataset.shows = "";
  }
  const item = event.detail.elt?.closest?.("[data-queue] > li");
  if (!item) return;
  item.querySelector("[data-failed]")?.remove();
  const isLost = event.type === "htmx:sendError";
  const words = isLost ? "The line is lost. Nothing is done twice." : "That did not work. Nothing was done.";
  const note = Object.assign(document.createElement("p"), { className: "error", role: "alert" });
  note.dataset.failed = "";
  note.textContent = `${words} What you typed is still here; try again.`;
  (item.querySelector("form") ?? item).before(note);
}

if (list) {
  document.addEventListener("keydown", pressed);
  document.addEventListener("htmx:beforeRequest", ({ detail }) => sentFrom.set(detail.xhr, current()));
  document.addEventListener("htmx:afterSettle", swapped);
  document.addEventListener("htmx:beforeSwap", answered);
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(name, failed);
  list.addEventListener("focusin", (event) => {
    const item = event.target.closest("li");
    if (item && item !== current()) select(item, false);
  });
  addEventListener("load", () => select(list.firstElementChild));
}
