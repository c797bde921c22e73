// Reading a topic by single keys, for members who did not turn them off: never while one types, never with a modifier.
// Each key presses a link or button of the page; without script these do the same.
const list = document.querySelector("[data-keys]");
const FIELDS = "input, textarea, select, [contenteditable]";
const posts = () => [...list.querySelectorAll(":scope > .post")];
const top = (post) => Math.round(post.getBoundingClientRect().top);

const focused = () => document.activeElement?.closest(".post");
// The post that has the focus, or else the first one on the screen.
const current = () => focused() ?? posts().find((post) => post.getBoundingClientRect().bottom > 0);

const step = (direction) => {
  const all = posts();
  const at = all.indexOf(focused());
  let next = all[at + direction];
  if (at < 0) next = direction > 0 ? all.find((post) => top(post) >= 0) : all.findLast((post) => top(post) < 0);
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
};

const press = (found) => {
  if (found?.matches(FIELDS)) found.focus();
  else found?.click();
};
const pressIn = (post, selector) => press(post?.querySelector(selector));

const selectedPost = () => !getSelection().isCollapsed && getSelection().anchorNode?.parentElement?.closest(".post");
const reply = () => document.querySelector("#reply textarea") ?? document.querySelector(".topic-head .button.primary");
const ways = "header [type=search], header a[href^='/search']";
const search = () => [...document.querySelectorAll(ways)].find((one) => one.getClientRects().length);

const help = async () => {
  const { keys: address } = list.dataset;
  try {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", "Keys in a topic");
    dialog.append(document.adoptNode(page.querySelector("#keys")));
    dialog.insertAdjacentHTML("beforeend", `<form method="dialog"><button class="button">Close</button></form>`);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  } catch {
    location.assign(address);
  }
};

const acts = {
  j: () => step(1),
  k: () => step(-1),
  r: () => press(reply()),
  q: () => pressIn(selectedPost() || current(), "[data-quote]"),
  b: () => pressIn(current(), "[data-bookmark]"),
  "/": () => press(search()),
  "?": help,
};

const pressed = (event) => {
  const key = event.key.toLowerCase();
  if (!acts[key] || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && /[a-z]/.test(key))) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (!event.repeat || key === "j" || key === "k") acts[key]();
};

if (list) document.addEventListener("keydown", pressed);
