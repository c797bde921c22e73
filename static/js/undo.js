// Z presses the undo of what was just done on this page, outside of fields.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key.toUpperCase() === "Z") document.querySelector(".undo [data-undo]")?.click();
});
