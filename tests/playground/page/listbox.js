// A list to pick from with the keyboard, which an input or a button steers.

import { el, fresh } from "./dom.js";

export class Listbox {
  // ``owner`` keeps the focus; ``onPick`` is given the item.
  constructor(owner, { label, onPick, multiple = false }) {
    this.owner = owner;
    this.onPick = onPick;
    this.items = [];
    this.active = -1;
    const id = fresh("list");
    this.box = el("div", { role: "listbox", id, class: "listbox", "aria-label": label, hidden: true });
    if (multiple) this.box.setAttribute("aria-multiselectable", "true");
    owner.setAttribute("aria-controls", id);
    owner.setAttribute("aria-expanded", "false");
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get isOpen() {
    return !this.box.hidden;
  }

  // Items: {label, detail, note, chosen, title}; ``at`` is the one that Enter picks, -1 for none.
  show(items, at = 0, title = "") {
    this.items = items;
    this.box.replaceChildren(
      title && el("div", { class: "listtitle", role: "presentation" }, title),
      ...items.map((item, index) => this.option(item, index)),
    );
    this.box.hidden = items.length === 0;
    this.owner.setAttribute("aria-expanded", String(this.isOpen));
    this.activate(items.length ? Math.min(at, items.length - 1) : -1);
  }

  option(item, index) {
    const attributes = { role: "option", id: `${this.box.id}-${index}`, class: "option" };
    if (item.chosen !== undefined) attributes["aria-checked"] = String(item.chosen);
    return el(
      "div",
      { ...attributes, onclick: () => this.pick(index), onmousemove: () => this.activate(index) },
      item.icon,
      el("span", { class: "optionlabel" }, item.label),
      item.detail && el("span", { class: "optiondetail" }, item.detail),
      item.note && el("span", { class: "optionnote" }, item.note),
      item.chosen !== undefined && el("span", { class: "tick", "aria-hidden": "true" }, item.chosen ? "☑" : "☐"),
    );
  }

  hide() {
    this.box.hidden = true;
    this.active = -1;
    this.owner.setAttribute("aria-expanded", "false");
    this.owner.removeAttribute("aria-activedescendant");
  }

  activate(index) {
    this.active = index;
    const options = [...this.box.querySelectorAll('[role="option"]')];
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === index)));
    const chosen = options[index];
    if (chosen) this.owner.setAttribute("aria-activedescendant", chosen.id);
    else this.owner.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  pick(index = this.active) {
    const item = this.items[index];
    if (item) this.onPick(item);
  }

  // Whether the key was for the list.
  key(event) {
    if (!this.isOpen) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      const count = this.items.length;
      const from = this.active === -1 && steps[event.key] < 0 ? 0 : this.active;
      this.activate((from + steps[event.key] + count) % count);
    } else if (event.key === "Escape") this.hide();
    else if ((event.key === "Enter" || event.key === "Tab") && this.active >= 0) this.pick();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}

// Arrow keys go from button to button within ``container``.
export function rove(container, selector = "button") {
  container.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...container.querySelectorAll(selector)];
    const at = all.indexOf(document.activeElement);
    if (!step || at === -1) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  });
}
