// A slash command being filled in: a field for each option, with what can be chosen for it.

import { act, upload } from "./api.js";
import { el, fresh, icon, toast } from "./dom.js";
import { here } from "./here.js";
import { runCommand } from "./interactions.js";
import { Listbox } from "./listbox.js";
import { matching, things } from "./things.js";

const INTEGER = 4, BOOLEAN = 5, NUMBER = 10, FILE = 11;
const THINGS = { 6: "user", 7: "channel", 8: "role", 9: "mentionable" };
const SOON = 150;

export class CommandForm {
  // ``onLeave`` is called once the form is sent or given up.
  constructor(form, command, onLeave) {
    this.command = command;
    this.onLeave = onLeave;
    this.fields = [];
    this.hint = el("p", { class: "hint" });
    this.pills = el("div", { class: "pills" }, el("span", { class: "commandname" }, `/${command.label}`));
    this.tail = el("input", { class: "tail", role: "combobox", "aria-label": "More options", size: 1 });
    this.rest = new Listbox(this.tail, { label: "Options", onPick: (item) => item.take() });
    this.lists = el("div", { class: "lists" }, this.rest.box);
    this.pills.append(this.tail);
    this.element = el(
      "div",
      { class: "command", role: "group", "aria-label": `/${command.label}` },
      this.lists,
      this.hint,
      el("div", { class: "line" }, this.pills, el("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"))),
    );
    form.append(this.element);
    this.listen();
    for (const option of command.options.filter((one) => one.required)) this.add(option);
    this.next();
  }

  listen() {
    this.tail.addEventListener("focus", () => this.offerMore());
    this.tail.addEventListener("input", () => this.offerMore());
    this.tail.addEventListener("blur", () => this.rest.hide());
    this.tail.addEventListener("keydown", (event) => this.tailKey(event));
  }

  get unused() {
    const used = new Set(this.fields.map((field) => field.option.name));
    return this.command.options.filter((one) => !used.has(one.name));
  }

  add(option) {
    const field = new Field(this, option);
    this.fields.push(field);
    this.tail.before(field.element);
    this.lists.append(field.list.box);
    return field;
  }

  drop(field) {
    if (field.option.required) return this.leave();
    this.fields = this.fields.filter((one) => one !== field);
    field.element.remove();
    field.list.box.remove();
    this.tail.focus();
  }

  // To the first field that still needs something, or to the end.
  next() {
    const empty = this.fields.find((field) => field.isEmpty);
    (empty?.input ?? this.tail).focus();
  }

  tell(text) {
    this.hint.textContent = text;
  }

  offerMore() {
    this.tell(this.command.description);
    const typed = this.tail.value.trim().toLocaleLowerCase();
    const fit = this.unused.filter((one) => one.label.toLocaleLowerCase().includes(typed));
    const take = (option) => () => {
      this.tail.value = "";
      this.add(option).input.focus();
    };
    const items = fit.map((one) => ({ label: one.label, detail: one.description, take: take(one) }));
    this.rest.show(items, typed ? 0 : -1, "Optional");
  }

  tailKey(event) {
    if (this.rest.key(event)) return;
    if (event.key === "Escape") this.leave();
    else if (event.key === "Backspace" && !this.tail.value) this.back(event);
    else if (event.key === "Enter") event.preventDefault(), this.send();
  }

  back(event) {
    event.preventDefault();
    const last = this.fields.at(-1);
    if (last) last.input.focus();
    else this.leave();
  }

  // What was filled in so far; of the field that is being completed, what is typed.
  values(focused) {
    const filled = this.fields.filter((field) => !field.isEmpty || field === focused);
    return Object.fromEntries(filled.map((field) => [field.option.name, field === focused ? field.typed : field.value]));
  }

  async send() {
    const wrong = this.fields.find((field) => !field.check());
    if (wrong) return wrong.input.focus();
    const options = this.values();
    this.leave();
    await runCommand(this.command.name, options);
  }

  leave() {
    this.element.remove();
    this.onLeave();
  }
}

class Field {
  constructor(form, option) {
    this.form = form;
    this.option = option;
    this.value = null; // what is sent, where it is not the text itself
    const id = fresh("option");
    this.input = el("input", {
      id, role: "combobox", "aria-autocomplete": "list", "aria-required": String(Boolean(option.required)),
      autocomplete: "off", spellcheck: "false", size: 12, "data-option": option.name,
      type: option.type === FILE ? "file" : "text",
    });
    this.list = new Listbox(this.input, { label: option.label, onPick: (item) => this.take(item) });
    this.element = el("label", { class: "optionpill", for: id }, el("span", { class: "optionname" }, option.label), this.input);
    this.input.addEventListener("focus", () => this.suggest());
    this.input.addEventListener("input", () => this.changed());
    this.input.addEventListener("change", () => option.type === FILE && this.takeFile());
    this.input.addEventListener("blur", () => this.list.hide());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  get typed() {
    return this.input.value;
  }

  get isFree() {
    return !this.option.choices.length && !(this.option.type in THINGS) && this.option.type !== BOOLEAN;
  }

  get isEmpty() {
    return this.value === null;
  }

  changed() {
    const text = this.typed;
    if (this.option.type !== FILE) this.value = this.isFree && text.trim() ? text : null;
    this.input.size = Math.max(12, Math.min(text.length + 1, 48));
    this.input.removeAttribute("aria-invalid");
    this.suggest();
  }

  suggest() {
    this.form.tell(`${this.option.description}${this.option.required ? "" : " · optional"}`);
    clearTimeout(this.soon);
    if (this.option.autocomplete) this.soon = setTimeout(() => this.ask(), SOON);
    else this.list.show(this.known(), 0, this.option.label);
  }

  known() {
    const { type, choices, channel_types: types } = this.option;
    if (choices.length) return matching(choices.map((one) => ({ label: one.name, value: one.value })), this.typed);
    if (type === BOOLEAN) return matching([{ label: "True", value: true }, { label: "False", value: false }], this.typed);
    if (type in THINGS) return matching(things(THINGS[type], types), this.typed).map((one) => ({ ...one, value: one.id }));
    return [];
  }

  async ask() {
    const options = this.form.values(this);
    const given = { channel: here.channel, name: this.form.command.name, options, focused: this.option.name };
    const asked = this.typed;
    const found = await act("complete", given).catch(() => ({ choices: [], failed: true }));
    if (asked !== this.typed || document.activeElement !== this.input) return;
    if (found.failed) return this.list.show([{ label: "Loading options failed", value: null }], -1);
    this.list.show(found.choices.map((one) => ({ label: one.name, value: one.value })), -1, this.option.label);
  }

  take(item) {
    if (item.value === null) return;
    this.value = item.value;
    this.input.value = item.label;
    this.input.size = Math.max(4, Math.min(item.label.length + 1, 48));
    this.list.hide();
    this.form.next();
  }

  async takeFile() {
    const [file] = this.input.files;
    const kept = file && (await upload(file).catch((error) => toast(error.message)));
    this.value = kept ? kept.id : null;
    if (kept) this.form.next();
  }

  check() {
    const { type, required } = this.option;
    const number = type === INTEGER || type === NUMBER;
    const wrong = this.isEmpty ? required || Boolean(this.typed) : number && Number.isNaN(Number(this.value));
    if (wrong) this.input.setAttribute("aria-invalid", "true");
    return !wrong;
  }

  key(event) {
    if (this.list.key(event)) return;
    if (event.key === "Escape") this.form.leave();
    else if (event.key === "Enter") event.preventDefault(), this.form.send();
    else if (event.key === "Backspace" && !this.typed) event.preventDefault(), this.form.drop(this);
  }
}
