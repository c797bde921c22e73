// The way that somebody travels, kept on this device: every crossing's page then speaks of it first. The sentences of
// all ways stand in the matrix of the page; without this script the form asks the server for one of them.
const form = document.querySelector("form[data-way]");
const way = form.closest(".way");

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem("way")) ?? {};
  } catch {
    return {};
  }
};
const keep = (chosen) => {
  try {
    localStorage.setItem("way", JSON.stringify(chosen));
  } catch {} // a device that keeps nothing shows the way all the same
};
const input = (name, value) => [...form.elements[name]].find((one) => one.value === value);

const line = (stamp, words) => {
  const paragraph = document.createElement("p");
  const sentence = document.createElement("span");
  sentence.textContent = words;
  paragraph.append(stamp, " ", sentence);
  return paragraph;
};

const noReports = () => way.querySelector("template").content.firstElementChild.cloneNode(true);

const show = ({ to, by }) => {
  const [direction, mode] = [input("to", to), input("by", by)];
  if (!mode) return;
  mode.checked = true;
  if (direction) direction.checked = true;
  const whose = "drives" in mode.dataset ? "drivers" : "others";
  for (const condition of document.querySelectorAll(".condition[data-whose]")) condition.hidden = condition.dataset.whose !== whose;
  for (const row of document.querySelectorAll("tr[data-by]")) row.toggleAttribute("data-mine", row.dataset.by === by);
  const cells = [...document.querySelectorAll("tr[data-mine] td")].filter((cell) => !direction || cell.dataset.to === to);
  const lines = cells.map((cell) => {
    const country = direction ? "" : `${input("to", cell.dataset.to).dataset.phrase}: `;
    return line(cell.querySelector(".stamp").cloneNode(true), country + cell.dataset.sentence);
  });
  if (!lines.length) lines.push(line(noReports(), mode.dataset.silence));
  for (const old of way.querySelectorAll(":scope > p")) old.remove();
  way.append(...lines);
  const words = [direction?.dataset.phrase, mode.dataset.phrase].filter(Boolean).join(" ");
  const summary = way.querySelector("summary");
  summary.querySelector("b").textContent = words[0].toUpperCase() + words.slice(1);
  summary.querySelector(".choose").textContent = "Change";
  summary.querySelector(".icon").replaceWith(mode.nextElementSibling.querySelector(".icon").cloneNode(true));
  const colour = [...way.querySelector(":scope > p .stamp").classList].find((name) => name.startsWith("status-"));
  way.className = `way ${colour}`;
};

form.querySelector("[data-kept]").hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = Object.fromEntries(new FormData(form));
  keep(chosen);
  show(chosen);
  history.replaceState(null, "", location.pathname); // the address may have asked for another way
  form.parentElement.open = false;
  form.previousElementSibling.focus();
});
const query = new URLSearchParams(location.search);
const asked = Object.fromEntries(["to", "by"].filter((name) => query.has(name)).map((name) => [name, query.get(name)]));
if (input("by", asked.by)) keep(asked);
else if (!way.querySelector(".error")) show(kept());
