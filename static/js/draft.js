// What one types is kept on the device at once, on the server after a pause, and found again after a crash or a lost line.
const SERVER_PAUSE = 3000;
const OUTLIVES_PAGE = 15_000; // characters; browsers let 64 kB go out after a page is left
const owner = document.body.dataset.member;
const forms = document.querySelectorAll("form[data-draft]");
const keyOf = (place) => `draft:${owner}:${place}`;
const store = {
  read: (place) => { try { return JSON.parse(localStorage.getItem(keyOf(place))); } catch { return null; } },
  write: (place, entry) => { try { localStorage.setItem(keyOf(place), JSON.stringify(entry)); } catch { /* private mode or full */ } },
  drop: (place) => { try { localStorage.removeItem(keyOf(place)); } catch { /* private mode */ } },
};
const typed = ({ elements }) => ({ source: elements.source.value, title: elements.title?.value ?? "", basis: elements.based_on?.value });
const remember = (form) => store.write(form.dataset.draft, { ...typed(form), at: Date.now() });
const say = (form, words) => { const line = form.querySelector("[data-saved]"); if (line) line.textContent = words; };
const clock = (moment) => new Date(moment).toTimeString().slice(0, 5);

// The server says what is posted, kept or discarded: the copies of those places are done with.
for (const note of document.querySelectorAll("[data-done]")) {
  const [, place] = note.dataset.done.split(" ");
  if (place) store.drop(place);
}

// What the server has keeps no copy here, so that what is posted or discarded elsewhere does not come back.
const keep = async (form) => {
  const sent = typed(form);
  const body = new FormData(form);
  body.set("save", "quiet");
  try {
    const answer = await fetch(form.action, { method: "POST", body, keepalive: sent.source.length < OUTLIVES_PAGE });
    if (answer.status === 204) {
      if (JSON.stringify(sent) === JSON.stringify(typed(form))) store.drop(form.dataset.draft);
      return say(form, `Draft saved ${clock(Date.now())}`);
    }
  } catch { /* no line */ }
  say(form, store.read(form.dataset.draft) ? `Kept on this device ${clock(Date.now())}` : "This could not be saved. Copy your text before you leave.");
};

const waiting = new Map();
const stop = (form) => { clearTimeout(waiting.get(form)); return waiting.delete(form); };
const later = (form) => {
  stop(form);
  waiting.set(form, setTimeout(() => { stop(form); keep(form); }, SERVER_PAUSE));
};

const restore = (form) => {
  const entry = store.read(form.dataset.draft);
  const now = typed(form);
  if (!entry || (entry.source === now.source && entry.title === now.title)) return;
  if (entry.at <= Date.parse(form.dataset.savedAt ?? 0)) return; // the server has a later one
  if (form.querySelector(".error")) return; // what was just sent and refused is the latest
  // A quote that was just asked for stands after what was written before.
  const quoted = form.dataset.quoted && !entry.source.includes(form.dataset.quoted.trim());
  form.elements.source.value = quoted ? `${entry.source.trimEnd()}\n\n${form.dataset.quoted}` : entry.source;
  if (entry.title) form.elements.title.value = entry.title;
  if (entry.basis) form.elements.based_on.value = entry.basis; // the version it began with, or it would cover a later one
  say(form, `What you wrote here at ${clock(entry.at)} is back.`);
  later(form);
};

for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => { remember(form); later(form); });
}
addEventListener("online", () => { for (const form of forms) if (store.read(form.dataset.draft)) keep(form); });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const form of forms) if (stop(form)) keep(form);
});

// Posting, discarding and signing out have the last word; whoever signs out leaves nothing behind.
document.addEventListener("submit", ({ target, submitter }) => {
  const action = submitter?.hasAttribute("formaction") ? submitter.formAction : target.action;
  const leaves = target.method === "post" && new URL(action).pathname.endsWith("/logout/");
  if (!leaves && target.id !== "discard" && !target.dataset.draft) return;
  forms.forEach(stop);
  if (target.dataset.draft) remember(target);
  if (leaves) for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
});
