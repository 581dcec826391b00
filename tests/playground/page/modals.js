// Modals: a form that the bot asks back with.

import { upload } from "./api.js";
import { el, fresh, toast } from "./dom.js";
import { here } from "./here.js";
import { markdown } from "./markdown.js";
import { select } from "./selects.js";

// ``send`` is given the values by custom_id, and says whether they were taken.
export function openModal({ modal }, send) {
  const fields = new Map();
  const heading = fresh("modal");
  const dialog = el(
    "dialog",
    { class: "modal", "aria-labelledby": heading },
    el(
      "form",
      { method: "dialog", onsubmit: (event) => submit(event, dialog, fields, send) },
      el("header", {}, el("h2", { id: heading }, modal.title), el("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
      el("p", { class: "warning" }, `This form will be submitted to ${here.world.bot.name}. Do not share passwords or other sensitive information.`),
      modal.components.map((row) => field(row, fields)),
      el(
        "footer",
        {},
        el("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel"),
        el("button", { type: "submit", class: "button primary" }, "Submit"),
      ),
    ),
  );
  dialog.addEventListener("close", () => goodbye(dialog));
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea, input, .selectbutton")?.focus();
}

// Chromium gives the focus back without a caret, and then typing has no effect: so take it anew.
export function goodbye(dialog) {
  dialog.remove();
  const focused = document.activeElement;
  focused?.blur();
  focused?.focus();
}

async function submit(event, dialog, fields, send) {
  event.preventDefault();
  const button = dialog.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const values = {};
    for (const [name, read] of fields) values[name] = await read();
    if (await send(values)) dialog.close();
    else toast("Something went wrong. Try again.");
  } catch (error) {
    toast(error.message);
  }
  button.disabled = false;
}

function field(row, fields) {
  if (row.type === 10) return markdown(row.content);
  const part = row.component ?? row.components[0];
  const label = row.label ?? part.label ?? "";
  const required = part.required ?? true;
  const id = fresh("field");
  const input = make(part, fields, { id, label, required });
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label, required && part.type !== 23 && el("span", { class: "required", "aria-hidden": "true" }, " *")),
    row.description && el("p", { class: "subtext" }, row.description),
    input,
  );
}

function make(part, fields, how) {
  if (part.type === 4) return typed(part, fields, how);
  if (part.type === 19) return files(part, fields, how);
  if (part.type === 23) return ticked(part, fields, how);
  if (part.type === 21 || part.type === 22) return several(part, fields);
  let values = (part.options ?? []).filter((one) => one.default).map((one) => one.value);
  if (part.default_values) values = part.default_values.map((one) => one.id);
  fields.set(part.custom_id, () => values);
  return select(part, (chosen) => (values = chosen), { label: how.label });
}

function typed(part, fields, { id, required }) {
  const input = el(part.style === 2 ? "textarea" : "input", {
    id, required, value: part.value ?? "", placeholder: part.placeholder, "data-id": part.custom_id,
    minlength: part.min_length || null, maxlength: part.max_length ?? 4000,
  });
  fields.set(part.custom_id, () => input.value);
  return input;
}

function files(part, fields, { id, required }) {
  const many = (part.max_values ?? 1) > 1;
  const input = el("input", { id, type: "file", required, multiple: many, "data-id": part.custom_id });
  fields.set(part.custom_id, async () => {
    const kept = [];
    for (const file of [...input.files].slice(0, part.max_values ?? 1)) kept.push((await upload(file)).id);
    return kept;
  });
  return input;
}

function ticked(part, fields, { id }) {
  const input = el("input", { id, type: "checkbox", checked: Boolean(part.default) });
  fields.set(part.custom_id, () => input.checked);
  return input;
}

function several(part, fields) {
  const kind = part.type === 21 ? "radio" : "checkbox";
  const name = fresh("choice");
  const inputs = part.options.map((one) => el("input", { type: kind, name, value: one.value, checked: Boolean(one.default) }));
  fields.set(part.custom_id, () => {
    const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
    return kind === "radio" ? (chosen[0] ?? null) : chosen;
  });
  const labelled = inputs.map((input, at) => el("label", { class: "choice" }, input, part.options[at].label));
  return el("div", { class: "choices" }, labelled);
}
