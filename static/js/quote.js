// "Quote" puts the selected words of a post, else nothing is lost: the link opens the composer with the whole post.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quote]");
  const area = document.querySelector("#reply textarea");
  const selected = String(getSelection()).trim();
  const post = link?.closest(".post");
  if (!link || !area || !selected || !post.contains(getSelection().anchorNode)) return;
  event.preventDefault();
  const name = link.dataset.author.replace(/[\\[\]*_`~<]/g, "\\$&");
  const quoted = selected.replace(/^/gm, "> ");
  area.value += `${area.value && "\n\n"}> [${name}](/posts/${link.dataset.quote}/)\n${quoted}\n\n`;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});
