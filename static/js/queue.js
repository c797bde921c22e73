// The queue by keyboard: J and K move, a letter presses the button that shows it, Z takes back. Without it all is forms.
const list = document.querySelector("[data-queue]");

const current = () => list.querySelector("[aria-current]");

function select(item, focus = true) {
  current()?.removeAttribute("aria-current");
  if (!item) return;
  item.setAttribute("aria-current", "true");
  if (focus) item.focus();
  const side = document.querySelector("#context");
  if (side && item.dataset.context) window.htmx?.ajax("GET", item.dataset.context, { target: side, swap: "innerHTML" });
}

const step = (item, direction) => (direction > 0 ? item?.nextElementSibling : item?.previousElementSibling);

function pressed(event) {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toUpperCase();
  if (key === "J" || key === "K") {
    const next = current() ? step(current(), key === "J" ? 1 : -1) : list.firstElementChild;
    if (next) select(next);
  } else if (key === "Z") {
    [...document.querySelectorAll("[data-undo]")].at(-1)?.click();
  } else if (key === "?") {
    document.querySelector("#keys")?.toggleAttribute("open");
  } else {
    const button = current()?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    button.click();
  }
  event.preventDefault();
}

// What was done stands where it was, with its way back; the next one that waits is at hand.
function swapped(event) {
  const done = event.detail.elt;
  if (!done.matches?.("[data-queue] > li")) return;
  if (!done.dataset.done) return select(done);
  let next = done;
  while (next && next.dataset.done) next = step(next, 1);
  select(next ?? done);
}

if (list) {
  document.addEventListener("keydown", pressed);
  document.addEventListener("htmx:afterSettle", swapped);
  // Words of a refusal are shown, too.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 409].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });
  list.addEventListener("focusin", (event) => {
    const item = event.target.closest("li");
    if (item && item !== current()) select(item, false);
  });
  addEventListener("load", () => select(list.firstElementChild));
}
