// While a title is typed, the server says what the forum has on it. Nothing here ever stops anybody from posting.
const PAUSE = 300;
const region = document.querySelector("[data-suggest]");

const isEnough = (title) => title.length >= 3 || /\p{Script=Han}/u.test(title);

const watch = ({ elements }) => {
  let waiting, asked, before = elements.title.value;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "title", "source"]) body.set(name, elements[name].value);
    try {
      const answer = await fetch(region.dataset.suggest, { method: "POST", body, signal: asked.signal });
      if (answer.ok && !answer.redirected) region.innerHTML = await answer.text();
    } catch { /* a newer question, or no line: the last answer stays */ }
  };
  elements.title.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const title = elements.title.value.trim();
      if (title === before || !isEnough(title)) return;
      before = title;
      ask();
    }, PAUSE);
  });
  if (isEnough(before) && !region.childElementCount) ask();
};

if (region) {
  const { form } = document.querySelector("[name=title]");
  watch(form);
  region.addEventListener("click", ({ target }) => {
    const link = target.closest("[data-suggestion]");
    if (!link) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("title", form.elements.title.value);
    if ("answer" in link.dataset) body.set("answer", "1");
    navigator.sendBeacon(link.dataset.suggestion, body);
  });
}
