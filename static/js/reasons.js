// A ready reason fills the word to the author, and the rule, so that both can be seen and changed. Own words stay.
const presetsOf = (form) => [...form.querySelectorAll("[name=preset]")];

function fill({ form, dataset }) {
  const { reason, rule, rule_offered: offered } = form.elements;
  const isOwn = reason.value.trim() && !presetsOf(form).some((preset) => preset.dataset.reason === reason.value.trim());
  if (!isOwn) reason.value = dataset.reason ?? "";
  if (rule && dataset.rule) rule.value = dataset.rule;
  if (offered) offered.value = ""; // from here on the rule is the one that is seen
}

// What is changed by hand is no ready reason any more; an emptied field gives none.
function release({ form, value }) {
  for (const preset of presetsOf(form)) if (preset.checked && preset.dataset.reason !== value.trim()) preset.checked = false;
}

document.addEventListener("change", ({ target }) => target.matches?.("[name=preset]") && fill(target));
document.addEventListener("input", ({ target }) => target.matches?.("[name=reason]") && target.form && release(target));
