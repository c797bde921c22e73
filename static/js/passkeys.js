// Passkeys. A form with data-passkey asks the device when it is sent, and then goes on as any form does. Its button is
// hidden where there is no script or the browser knows no passkeys: codes from an app do the same.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (keys) => keys?.map((key) => ({ ...key, id: toBytes(key.id) }));

async function ask(form) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body, headers: { accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error("refused");
  const { publicKey } = await answer.json();
  publicKey.challenge = toBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  if (publicKey.allowCredentials) publicKey.allowCredentials = named(publicKey.allowCredentials);
  if (publicKey.excludeCredentials) publicKey.excludeCredentials = named(publicKey.excludeCredentials);
  return navigator.credentials[form.dataset.passkey]({ publicKey });
}

function asJson(made) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) response[part] = toText(made.response[part]);
  }
  const clientExtensionResults = made.getClientExtensionResults();
  return JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, clientExtensionResults, response });
}

const WORDS = {
  InvalidStateError: "This device has a passkey for your account already.",
  NotAllowedError: "Your device did not go on. Try again, or use another way.",
};

async function send(form) {
  const [problem, button] = [form.querySelector("[data-passkey-problem]"), form.querySelector("[data-with-passkeys]")];
  problem.hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = asJson(await ask(form));
    form.submit();
  } catch (error) {
    problem.textContent = WORDS[error.name] ?? "This did not work. Load the page again, or use another way.";
    problem.hidden = false;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    for (const part of form.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
    for (const part of form.querySelectorAll("[data-with-passkeys]")) part.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}
