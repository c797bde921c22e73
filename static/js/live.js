// A line below the posts says how many replies came since the page was opened. It asks once a minute, never from the
// background, and by an ETag, so that most answers are empty. Without it a reload shows the replies all the same.
const MINUTE = 60_000;
const line = document.querySelector("[data-live]");
const { title } = document;
let etag = "";
let asked = Date.now();
let waiting;

const show = (html) => {
  if (html === line.innerHTML) return; // said already
  line.innerHTML = html;
  const count = line.firstElementChild?.dataset.count;
  document.title = count ? `(${count}) ${title}` : title;
};

const ask = async () => {
  asked = Date.now();
  try {
    const answer = await fetch(line.dataset.live, { headers: etag ? { "If-None-Match": etag } : {} });
    if (answer.status === 404) return stop(); // moved, hidden, or the reader signed out
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") ?? "";
      show(await answer.text());
    }
  } catch { /* no line: in a minute again */ }
  wait();
};

const wait = () => {
  clearTimeout(waiting);
  if (!document.hidden) waiting = setTimeout(ask, Math.max(0, asked + MINUTE - Date.now()));
};

const stop = () => document.removeEventListener("visibilitychange", wait);

document.addEventListener("visibilitychange", wait);
wait();
