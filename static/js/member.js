// What members' pages have on top.
import "./draft.js";
import "./editor.js";
import "./keys.js";
import "./mention.js";
import "./paste.js";
import "./quote.js";
import "./similar.js";
