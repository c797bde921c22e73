// "Quote" puts the selected words of a post into the reply on the page; without a selection the link opens the composer.
let selected = "";

// A click on a link takes the selection away, so it is looked at while the finger goes down.
const remember = (event) => {
  const post = event.target.closest?.("[data-quote]")?.closest(".post");
  const selection = getSelection();
  selected = post?.contains(selection.anchorNode) ? String(selection).trim() : "";
};
document.addEventListener("pointerdown", remember);
document.addEventListener("keydown", remember);

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quote]");
  const area = document.querySelector("#reply textarea");
  if (!link || !area || !selected) return;
  event.preventDefault();
  const name = link.dataset.author.replace(/[\\[\]*_`~<]/g, "\\$&");
  const lines = selected.replace(/^/gm, "> ");
  area.value += `${area.value && "\n\n"}> [${name}](/posts/${link.dataset.quote}/)\n${lines}\n\n`;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});
