// Selects: of given options, or of people, roles and channels; one value or several.

import { el } from "./dom.js";
import { Listbox } from "./listbox.js";
import { matching, things } from "./things.js";

const KINDS = { 5: "user", 6: "role", 7: "mentionable", 8: "channel" };
const PLACEHOLDERS = { 3: "Make a selection", 5: "Select a user", 6: "Select a role", 7: "Select a user or role", 8: "Select a channel" };

function offered(part) {
  if (part.type === 3) {
    return part.options.map((one) => ({ id: one.value, label: one.label, detail: one.description, icon: emojiOf(one) }));
  }
  return things(KINDS[part.type], part.channel_types);
}

const emojiOf = (one) => one.emoji?.name && el("span", { class: "emoji" }, one.emoji.name);

function first(part) {
  if (part.type === 3) return part.options.filter((one) => one.default).map((one) => one.value);
  return (part.default_values ?? []).map((one) => one.id);
}

// ``onChange`` is given the values when they are chosen: at once, or when a list of several closes.
export function select(part, onChange, { label } = {}) {
  return new Select(part, onChange, label).element;
}

class Select {
  constructor(part, onChange, label) {
    this.part = part;
    this.onChange = onChange;
    this.least = part.min_values ?? 1;
    this.most = part.max_values ?? 1;
    this.values = first(part);
    const name = label || part.placeholder || PLACEHOLDERS[part.type];
    this.shown = el("span", { class: "chosen" });
    this.button = el(
      "button",
      { type: "button", class: "selectbutton", role: "combobox", "aria-haspopup": "listbox", "aria-label": name, disabled: part.disabled, "data-id": part.custom_id },
      this.shown,
      el("span", { class: "arrow", "aria-hidden": "true" }, "⌄"),
    );
    const onPick = (item) => this.pick(item);
    this.list = new Listbox(this.button, { label: name, onPick, multiple: this.most > 1 });
    this.element = el("div", { class: "select" }, this.button, this.list.box);
    this.typed = "";
    this.button.addEventListener("click", () => (this.list.isOpen ? this.close() : this.open()));
    this.button.addEventListener("keydown", (event) => this.key(event));
    this.button.addEventListener("blur", () => this.close());
    this.tell();
  }

  key(event) {
    if (!this.list.isOpen) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") this.open(), event.preventDefault();
      return;
    }
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault(), event.stopPropagation();
      this.close();
    } else if (event.key === " " && !this.typed) this.list.pick(), event.preventDefault();
    else if (event.key.length === 1 || event.key === "Backspace") {
      this.typed = event.key === "Backspace" ? this.typed.slice(0, -1) : this.typed + event.key;
      this.refresh(0);
      event.preventDefault();
    } else this.list.key(event);
  }

  open() {
    this.before = this.values.join();
    this.typed = "";
    this.refresh(0);
  }

  refresh(at) {
    const items = matching(offered(this.part), this.typed);
    const marked = items.map((one) => ({ ...one, chosen: this.values.includes(one.id) }));
    this.list.show(marked.length ? marked : [{ label: "Nothing found", id: null }], at);
  }

  pick(item) {
    if (item.id === null) return;
    const had = this.values.includes(item.id);
    if (this.most === 1) {
      this.values = had && this.least === 0 ? [] : [item.id];
      this.close();
      return;
    }
    if (had) this.values = this.values.filter((one) => one !== item.id);
    else if (this.values.length < this.most) this.values = [...this.values, item.id];
    this.tell();
    this.refresh(this.list.active);
  }

  close() {
    if (!this.list.isOpen) return;
    this.list.hide();
    this.tell();
    const enough = this.values.length >= this.least;
    if (enough && this.values.join() !== this.before) this.onChange(this.values);
    this.before = this.values.join();
  }

  tell() {
    const known = offered(this.part);
    const names = this.values.map((id) => known.find((one) => one.id === id)?.label ?? `unknown (${id})`);
    const placeholder = this.part.placeholder || PLACEHOLDERS[this.part.type];
    const pills = names.map((name) => el("span", { class: this.most > 1 ? "pill" : "" }, name));
    this.shown.replaceChildren(...(pills.length ? pills : [el("span", { class: "placeholder" }, placeholder)]));
  }
}
