// Another tab saved another text of the same draft: the server's note shows both, and one says which to go on with.
export const showBoth = (form, html) => {
  let place = form.querySelector("[data-two-drafts]");
  if (!place) {
    place = document.createElement("div");
    place.dataset.twoDrafts = "";
    form.querySelector("[data-saved]").before(place);
  }
  if (!place.childElementCount) place.innerHTML = html; // what is read already stays
};

document.addEventListener("click", ({ target }) => {
  const choice = target.closest("[data-go-on]");
  if (!choice) return;
  const { form } = choice;
  const note = choice.closest("[data-version]");
  if (choice.dataset.goOn === "other") {
    form.elements.source.value = note.querySelector("[data-source]").textContent;
    if (form.elements.title) form.elements.title.value = note.querySelector("[data-title]")?.textContent ?? "";
  }
  form.elements.draft_version.value = note.dataset.version;
  note.remove();
  form.elements.source.focus();
  form.elements.source.dispatchEvent(new Event("input", { bubbles: true }));
});
