// Copies of typed text on this device: for each place the text of each form, since two tabs may have one each.
const owner = document.body.dataset.member;
const keyOf = (place) => `draft:${owner}:${place}`;
const formOf = (form) => form.elements.idempotency_key?.value ?? "";

// What an older version of this file kept is one text without a key.
const formsOf = (kept) => kept?.forms ?? (kept?.source ? { "": kept } : {});
const all = (place) => { try { return formsOf(JSON.parse(localStorage.getItem(keyOf(place)))); } catch { return {}; } };
const put = (place, forms) => {
  try {
    if (Object.keys(forms).length) localStorage.setItem(keyOf(place), JSON.stringify({ forms }));
    else localStorage.removeItem(keyOf(place));
  } catch { /* private mode or full */ }
};

export const typed = ({ elements }) => ({ source: elements.source.value, title: elements.title?.value ?? "", basis: elements.based_on?.value });
export const remember = (form) => put(form.dataset.draft, { ...all(form.dataset.draft), [formOf(form)]: { ...typed(form), version: form.elements.draft_version?.value, at: Date.now() } });
export const own = (form) => all(form.dataset.draft)[formOf(form)];

// The text of a form, or without its key of all forms of the place.
export const drop = (place, key) => {
  const { [key]: gone, ...others } = all(place);
  put(place, key === undefined ? {} : others);
};
export const dropOwn = (form) => drop(form.dataset.draft, formOf(form));

// The latest text of this place, which the form takes over from the page that kept it.
export const latest = (form) => Object.entries(all(form.dataset.draft)).sort(([, a], [, b]) => b.at - a.at)[0];
export const forgetAll = () => { for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key); };
