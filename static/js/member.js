// What members' pages have on top.
import "./draft.js";
import "./editor.js";
import "./keys.js";
import "./paste.js";
import "./quote.js";

if (document.querySelector("[data-suggest]")) import("./similar.js");

// Names of members are for who writes: they come with the first field that is opened.
const open = ({ target }) => {
  if (!target?.closest?.("form[data-mentions] [data-editor] textarea")) return;
  document.removeEventListener("focusin", open);
  import("./mention.js");
};
document.addEventListener("focusin", open);
open({ target: document.activeElement });
