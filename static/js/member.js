// What members' pages have on top.
import "./draft.js";
import "./editor.js";
import "./keys.js";
import "./paste.js";
import "./quote.js";

if (document.querySelector("[data-suggest]")) import("./similar.js").catch(() => { /* no line: no suggestions */ });

// Names of members are for who writes: they come with the first field that is opened.
const wait = () => document.addEventListener("focusin", open);
const open = ({ target }) => {
  if (!target?.closest?.("form[data-mentions] [data-editor] textarea")) return;
  document.removeEventListener("focusin", open);
  import("./mention.js").catch(wait); // no line: with the next field
};
wait();
open({ target: document.activeElement });
