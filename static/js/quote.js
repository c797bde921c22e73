// "Quote" puts the selected words of a post into the reply on the page; without a selection the link opens the composer.
let selected = "";
let from = null; // the post in which they stand

// A click on a link takes the selection away, so it is looked at while the finger goes down.
const remember = () => {
  const selection = getSelection();
  from = selection.anchorNode?.parentElement?.closest(".post");
  selected = String(selection).trim();
};
document.addEventListener("pointerdown", remember);
document.addEventListener("keydown", remember, { capture: true }); // before a key presses the link (keys.js)

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quote]");
  const area = document.querySelector("#reply textarea");
  if (!link || !area || !selected || link.closest(".post") !== from) return;
  event.preventDefault();
  const name = link.dataset.author.replace(/[\\[\]*_`~<]/g, "\\$&");
  const lines = selected.replace(/^/gm, "> ");
  area.value += `${area.value && "\n\n"}> [${name}](/posts/${link.dataset.quote}/)\n${lines}\n\n`;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});
