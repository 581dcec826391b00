// What the bot is asked with a click, a command or a form, and what is seen where it fails.

import { attempt } from "./api.js";
import { el, find, icon } from "./dom.js";
import { here } from "./here.js";
import { openModal } from "./modals.js";

const SILENT = "The application did not respond";

// An element under a message, or at the end of the list, that only this page shows.
function complain(text, message) {
  const told = el("p", { class: "failed", role: "alert" }, icon("stop"), " ", text);
  const place = message && document.querySelector(`#m-${CSS.escape(message.id)} .complaint`);
  if (place) place.replaceChildren(told);
  else find("messages").append(el("li", { class: "message" }, el("div", { class: "content" }, told)));
  told.scrollIntoView({ block: "nearest" });
}

function follow(outcome, message) {
  if (outcome?.failed) complain(message ? "This interaction failed" : SILENT, message);
  else if (outcome?.modal) openModal(outcome, (values) => submit(outcome, values));
}

async function submit(outcome, values) {
  const next = await attempt("submit", { call: outcome.call, values });
  if (next && !next.failed) follow(next);
  return Boolean(next && !next.failed);
}

export async function use(message, part, values, element) {
  element?.classList.add("busy");
  const given = { channel: message.channel, message: message.id, custom_id: part.custom_id, values };
  follow(await attempt("click", given), message);
  element?.classList.remove("busy");
}

export async function runCommand(name, options) {
  follow(await attempt("slash", { channel: here.channel, name, options }));
}

export async function runMenu(message, name) {
  follow(await attempt("menu", { channel: message.channel, message: message.id, name }));
}
