// The composer: plain messages with mentions, and the way into slash commands.

import { attempt, get, upload } from "./api.js";
import { CommandForm } from "./commands.js";
import { el, find, icon, toast } from "./dom.js";
import { channelOf, here, isDirect } from "./here.js";
import { Listbox } from "./listbox.js";
import { matching, things } from "./things.js";

const SLASH_COMMAND = 1;

export class Composer {
  constructor() {
    this.form = find("composer");
    this.mode = null; // {reply} or {edit}, a message
    this.files = [];
    this.coming = null; // the commands that are offered here, once they were wanted
    this.build();
  }

  build() {
    this.input = el("textarea", { rows: 1, class: "words", "aria-autocomplete": "list", "aria-label": "Message", maxlength: 4000 });
    this.list = new Listbox(this.input, { label: "Suggestions", onPick: (item) => item.take() });
    this.picker = el("input", { type: "file", multiple: true, hidden: true, onchange: () => this.attach() });
    this.banner = el("div", { class: "banner", hidden: true });
    this.line = el(
      "div",
      { class: "line" },
      el("button", { type: "button", class: "plus", "aria-label": "Attach a file", onclick: () => this.picker.click() }, icon("plus")),
      this.input,
      el("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send")),
    );
    this.form.append(this.list.box, this.banner, this.line, this.picker);
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("blur", () => this.list.hide());
  }

  // Another channel, or another person: nothing of what was begun goes along.
  reset() {
    this.command?.leave();
    this.cancel();
    this.input.value = "";
    this.grow();
    const channel = channelOf(here.channel);
    this.input.placeholder = isDirect() ? `Message @${here.world.bot.name}` : `Message #${channel?.name ?? ""}`;
    this.coming = null;
  }

  // Commands are told anew: in another language, they have other names.
  refresh() {
    this.coming = null;
    if (this.input.value.startsWith("/")) this.suggest();
  }

  focus() {
    this.input.focus();
  }

  key(event) {
    if (this.list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") this.cancel();
  }

  grow() {
    this.input.style.setProperty("height", "auto");
    this.input.style.setProperty("height", `${Math.min(this.input.scrollHeight, 240)}px`);
  }

  async suggest() {
    this.grow();
    const typed = this.input.value;
    if (/^\/[^\n]*$/.test(typed)) return this.suggestCommands();
    const before = typed.slice(0, this.input.selectionStart);
    const found = before.match(/(?:^|\s)([@#])([^\s@#]*)$/);
    if (!found) return this.list.hide();
    const named = found[1] === "@" ? things("mentionable") : things("channel");
    const fit = matching(named, found[2]).slice(0, 10);
    const start = before.length - found[2].length - 1;
    const title = found[1] === "@" ? "Members and roles" : "Channels";
    this.list.show(fit.map((one) => ({ ...one, take: () => this.complete(start, found[1], one) })), 0, title);
  }

  complete(start, sign, { label }) {
    const end = this.input.selectionStart;
    const name = `${sign}${label.replace(/^@/, "")} `;
    this.input.setRangeText(name, start, end, "end");
    this.list.hide();
    this.grow();
  }

  async suggestCommands() {
    if (!this.coming || this.input.value === "/") this.coming = get("commands", { channel: here.channel });
    const commands = await this.coming.catch(() => []);
    if (this.command || !/^\/[^\n]*$/.test(this.input.value)) return; // it was typed on meanwhile
    const typed = this.input.value.slice(1).toLocaleLowerCase();
    const offered = commands.filter((one) => one.type === SLASH_COMMAND);
    const exact = offered.find((one) => `${one.label} ` === typed);
    if (exact) return this.enter(exact);
    const first = (one) => (one.label.toLocaleLowerCase().startsWith(typed) ? 0 : 1);
    const fit = offered.filter((one) => `${one.label} ${one.name}`.toLocaleLowerCase().includes(typed));
    fit.sort((one, other) => first(one) - first(other));
    const items = fit.map((one) => ({
      label: `/${one.label}`,
      detail: one.description,
      note: here.world.bot.name,
      take: () => this.enter(one),
    }));
    this.list.show(items, 0, "Commands");
  }

  enter(command) {
    this.list.hide();
    this.input.value = "";
    this.cancel();
    this.line.hidden = true;
    const leave = () => {
      this.command = null;
      this.line.hidden = false;
      this.focus();
    };
    this.command = new CommandForm(this.form, command, leave);
  }

  reply(message) {
    this.begin({ reply: message, ping: true });
  }

  edit(message) {
    this.begin({ edit: message });
    this.input.value = message.content.replace(/<@!?(\d+)>/g, (whole, id) => this.nameOf(id) ?? whole);
    this.grow();
  }

  nameOf(id) {
    const user = things("user").find((one) => one.id === id);
    return user && `@${user.label}`;
  }

  begin(mode) {
    this.command?.leave();
    this.mode = mode;
    const told = mode.edit ? ["Editing message"] : ["Replying to ", el("strong", {}, mode.reply.author.name)];
    const ping = mode.reply && el("button", { type: "button", class: "ping", "aria-pressed": "true", onclick: (event) => this.togglePing(event) }, "@ ON");
    const stop = el("button", { type: "button", class: "close", "aria-label": "Cancel", onclick: () => this.cancel() }, "✕");
    this.banner.replaceChildren(el("span", {}, told), el("span", {}, ping, stop));
    this.banner.hidden = false;
    this.focus();
  }

  togglePing(event) {
    this.mode.ping = !this.mode.ping;
    event.currentTarget.setAttribute("aria-pressed", String(this.mode.ping));
    event.currentTarget.textContent = this.mode.ping ? "@ ON" : "@ OFF";
    this.focus();
  }

  cancel() {
    if (this.mode?.edit) this.input.value = "";
    this.mode = null;
    this.files = [];
    this.banner.hidden = true;
    this.list.hide();
    this.grow();
  }

  async attach() {
    for (const file of this.picker.files) {
      const kept = await upload(file).catch((error) => toast(error.message));
      if (kept) this.files.push(kept);
    }
    this.picker.value = "";
    this.banner.replaceChildren(el("span", {}, icon("file"), " ", this.files.map((one) => one.name).join(", ")));
    this.banner.hidden = this.files.length === 0;
    this.focus();
  }

  async send() {
    if (this.command) return this.command.send();
    const text = this.marked(this.input.value.trim());
    if (!text && !this.files.length) return;
    const { edit, reply, ping } = this.mode ?? {};
    const given = edit
      ? { channel: edit.channel, message: edit.id, text }
      : { channel: here.channel, text, reply: reply?.id, ping, files: this.files.map((one) => one.id) };
    if (!(await attempt(edit ? "edit" : "say", given))) return;
    this.input.value = "";
    this.cancel();
  }

  // Names as Discord sends them: <@1>, <@&1>, <#1>. The longest first, so that none is cut.
  marked(text) {
    const named = [
      ...things("user").map((one) => [`@${one.label}`, `<@${one.id}>`]),
      ...things("role").map((one) => [`@${one.label.replace(/^@/, "")}`, `<@&${one.id}>`]),
      ...things("channel").map((one) => [`#${one.label}`, `<#${one.id}>`]),
    ].filter(([name]) => name !== "@everyone");
    named.sort(([one], [other]) => other.length - one.length);
    return named.reduce((words, [name, mark]) => replaceName(words, name, mark), text);
  }
}

function replaceName(words, name, mark) {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return words.replace(new RegExp(`(?<![\\w<])${literal}(?![\\w-])`, "giu"), mark);
}
