// What members' pages have on top.
import "./editor.js";
import "./quote.js";
