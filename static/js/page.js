// For everybody: menus that close, times in words of today, tables that scroll by keys. Everything works without it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const steps = [[60, "minute"], [3600, "hour"], [86400, "day"]];
function tellTimes(root) {
  for (const time of root.querySelectorAll("time[data-when]:not([title])")) {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    if (seconds < -6 * 86400) continue; // older: the date says more
    const [size, unit] = steps.findLast(([length]) => -seconds >= length) ?? steps[0];
    time.title = time.textContent;
    time.textContent = words.format(Math.round(seconds / size), unit);
  }
}
tellTimes(document);
addEventListener("htmx:afterSwap", () => tellTimes(document)); // what a member's page got since

// Beside a date that has no hour: how many days ago it was.

const today = Date.parse(new Date().toISOString().slice(0, 10));
for (const place of document.querySelectorAll("[data-ago]")) {
  place.textContent = words.format(Math.round((Date.parse(place.dataset.ago) - today) / 86400e3), "day");
}

// A table that is wider than its post is a stop of the Tab key, so that arrows scroll it.
const tables = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const table of document.querySelectorAll(".prose table")) tables.observe(table);
