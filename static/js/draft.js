// What one types is kept on the device at once, on the server after a pause, and found again after a crash or a lost line.
import { drop, dropOwn, forgetAll, latest, own, remember, typed } from "./device_drafts.js";
import { showBoth } from "./two_drafts.js";

const SERVER_PAUSE = 3000;
const OUTLIVES_PAGE = 15_000; // characters; browsers let 64 kB go out after a page is left
const forms = document.querySelectorAll("form[data-draft]");
const say = (form, words) => { const line = form.querySelector("[data-saved]"); if (line) line.textContent = words; };
const clock = (moment) => new Date(moment).toTimeString().slice(0, 5);

// The server says what is posted, kept or discarded: the copies of those places are done with.
for (const note of document.querySelectorAll("[data-done]")) {
  const [, place, key] = note.dataset.done.split(" ");
  if (place) drop(place, key);
}

// What the server has keeps no copy here, so that what is posted or discarded elsewhere does not come back.
const keep = async (form) => {
  const sent = typed(form);
  const body = new FormData(form);
  body.set("save", "quiet");
  try {
    const answer = await fetch(form.action, { method: "POST", body, keepalive: sent.source.length < OUTLIVES_PAGE });
    if (answer.status === 204) {
      if (JSON.stringify(sent) === JSON.stringify(typed(form))) dropOwn(form);
      if (answer.headers.has("Draft-Version")) form.elements.draft_version.value = answer.headers.get("Draft-Version");
      return say(form, `Draft saved ${clock(Date.now())}`);
    }
    if (answer.status === 409) {
      showBoth(form, await answer.text());
      if (JSON.stringify(sent) === JSON.stringify(typed(form))) dropOwn(form);
      return say(form, `Kept beside the text of your other tab ${clock(Date.now())}`);
    }
  } catch { /* no line */ }
  say(form, own(form) ? `Kept on this device ${clock(Date.now())}` : "This could not be saved. Copy your text before you leave.");
};

const waiting = new Map();
const stop = (form) => { clearTimeout(waiting.get(form)); return waiting.delete(form); };
const later = (form) => {
  stop(form);
  waiting.set(form, setTimeout(() => { stop(form); keep(form); }, SERVER_PAUSE));
};

const restore = (form) => {
  const [key, entry] = latest(form) ?? [];
  const now = typed(form);
  if (!entry || (entry.source === now.source && entry.title === now.title)) return;
  if (entry.at <= Date.parse(form.dataset.savedAt ?? 0)) return; // the server has a later one
  if (form.querySelector(".error")) return; // what was just sent and refused is the latest
  // A quote that was just asked for stands after what was written before.
  const quoted = form.dataset.quoted && !entry.source.includes(form.dataset.quoted.trim());
  form.elements.source.value = quoted ? `${entry.source.trimEnd()}\n\n${form.dataset.quoted}` : entry.source;
  if (entry.title) form.elements.title.value = entry.title;
  if (entry.basis) form.elements.based_on.value = entry.basis; // the version it began with, or it would cover a later one
  if (entry.version) form.elements.draft_version.value = entry.version; // or it would cover what another tab saved since
  remember(form);
  drop(form.dataset.draft, key);
  say(form, `What you wrote here at ${clock(entry.at)} is back.`);
  later(form);
};

for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => { remember(form); later(form); });
}
addEventListener("online", () => { for (const form of forms) if (own(form)) keep(form); });
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
  if (leaves) forgetAll();
});
