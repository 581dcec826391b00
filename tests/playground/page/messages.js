// The list of messages.

import { attempt } from "./api.js";
import { attachment, components, embed, loose } from "./components.js";
import { avatar, el, find, icon, timeOf } from "./dom.js";
import { here } from "./here.js";
import { use } from "./interactions.js";
import { inline, isJumbo, markdown, pings } from "./markdown.js";
import { openMenu } from "./menus.js";

const TOGETHER = 7 * 60 * 1000;

let compose;
export const setCompose = (given) => (compose = given);

export function showAll() {
  const shown = [...here.messages.values()].sort(byId);
  find("messages").replaceChildren(...shown.map((message, at) => item(message, shown[at - 1])));
  toEnd();
}

const byId = (one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1);

export function show(message) {
  const known = here.messages.has(message.id);
  here.messages.set(message.id, message);
  const ordered = [...here.messages.values()].sort(byId);
  const at = ordered.findIndex((one) => one.id === message.id);
  const made = item(message, ordered[at - 1]);
  const atEnd = isAtEnd();
  const old = element(message.id);
  if (known && old) replace(old, made);
  else if (at === ordered.length - 1) find("messages").append(made);
  else find("messages").insertBefore(made, element(ordered[at + 1].id));
  if (atEnd || message.author.id === here.person || message.ephemeral) toEnd();
}

// The button that had the focus has it again.
function replace(old, made) {
  const id = old.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  old.replaceWith(made);
  if (id) made.querySelector(`[data-id="${CSS.escape(id)}"]`)?.focus();
}

export function reveal(id) {
  element(id)?.scrollIntoView({ block: "center" });
}

export function remove(id) {
  here.messages.delete(id);
  element(id)?.remove();
}

const element = (id) => find(`m-${id}`);

const scroll = () => find("scroll");

const isAtEnd = () => scroll().scrollHeight - scroll().scrollTop - scroll().clientHeight < 160;

const toEnd = () => scroll().scrollTo(0, scroll().scrollHeight);

function item(message, before) {
  const joined = isJoined(message, before);
  const classes = ["message"];
  if (joined) classes.push("joined");
  if (message.ephemeral) classes.push("ephemeral");
  if (pings(message)) classes.push("pinged");
  const made = el(
    "li",
    { class: classes.join(" "), id: `m-${message.id}` },
    above(message),
    joined ? el("time", { class: "gutter", datetime: message.time }, timeOf(message.time)) : avatar(message.author),
    el("div", { class: "content" }, joined ? null : head(message), body(message)),
    tools(message),
  );
  made.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, textarea, input") || String(getSelection())) return;
    event.preventDefault();
    openMenu(message, made, { x: event.clientX, y: event.clientY }, compose);
  });
  return made;
}

function isJoined(message, before) {
  const alike = before && before.author.id === message.author.id && before.ephemeral === message.ephemeral;
  const soon = before && new Date(message.time) - new Date(before.time) < TOGETHER;
  return Boolean(alike && soon && !message.reply && !message.used);
}

function above(message) {
  if (message.used) {
    return el("p", { class: "above" }, el("strong", {}, message.used.person), " used ", el("span", { class: "mention" }, message.used.command));
  }
  if (!message.reply) return null;
  const { id, author, text } = message.reply;
  if (!id) return el("p", { class: "above" }, el("em", {}, "Original message was deleted"));
  const jump = () => reveal(id);
  const line = text.split("\n").find((one) => one.trim()) ?? "Click to see attachment";
  return el(
    "button",
    { type: "button", class: "above", onclick: jump },
    el("strong", {}, author),
    el("span", { class: "abovetext" }, inline(line.replace(/^(?:#{1,3}|-#|>) /, ""))),
  );
}

const head = (message) =>
  el(
    "p",
    { class: "head" },
    el("strong", { class: "author" }, message.author.name),
    message.author.bot && el("span", { class: "app" }, "APP"),
    el("time", { datetime: message.time }, timeOf(message.time)),
  );

function body(message) {
  if (message.loading) {
    return [el("p", { class: "thinking" }, el("span", { class: "dots", "aria-hidden": "true" }, "● ● ● "), `${message.author.name} is thinking…`), note(message)];
  }
  const press = (part, values, element) => use(message, part, values, element);
  const words = message.content && markdown(message.content);
  if (words && isJumbo(message.content)) words.classList.add("jumbo");
  return [
    words,
    message.edited && el("small", { class: "edited" }, "(edited)"),
    message.embeds.map(embed),
    el("div", { class: "components" }, components(message, press)),
    loose(message).map(attachment),
    reactions(message),
    message.thread && message.channel === here.channel && thread(message.thread),
    el("div", { class: "complaint" }),
    note(message),
  ];
}

function note(message) {
  if (!message.ephemeral) return null;
  const dismiss = () => attempt("dismiss", { channel: message.channel, message: message.id });
  return el(
    "p",
    { class: "only" },
    icon("eye"),
    " Only you can see this · ",
    el("button", { type: "button", class: "plain", onclick: dismiss }, "Dismiss message"),
  );
}

function reactions(message) {
  const counts = new Map();
  for (const emoji of message.reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  return [...counts].map(([emoji, count]) => el("span", { class: "reaction" }, `${emoji} ${count}`));
}

const thread = ({ id, name }) =>
  el(
    "button",
    { type: "button", class: "thread", onclick: () => document.dispatchEvent(new CustomEvent("open", { detail: { channel: id } })) },
    el("strong", {}, name),
    el("span", { class: "mention" }, "See thread ›"),
  );

function tools(message) {
  if (message.loading) return null;
  const more = (event) => openMenu(message, event.currentTarget, null, compose);
  return el(
    "div",
    { class: "tools" },
    !message.ephemeral && el("button", { type: "button", "aria-label": "Reply", title: "Reply", onclick: () => compose.reply(message) }, icon("reply")),
    el("button", { type: "button", "aria-label": "More", title: "More", "aria-haspopup": "menu", onclick: more }, icon("more")),
  );
}
