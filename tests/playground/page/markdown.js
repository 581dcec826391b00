// Discord's markdown as DOM nodes: blocks first, then what stands within a line.

import { el } from "./dom.js";
import { channelOf, here, roleOf, userOf } from "./here.js";

const ESCAPABLE = /[^\p{L}\p{N}\s]/u;
const WEB = /^https?:\/\/[^\s<>]+/;

export function markdown(text) {
  const box = el("div", { class: "markdown" });
  const lines = text.split("\n");
  let at = 0;
  while (at < lines.length) {
    const [node, used] = block(lines, at);
    box.append(node);
    at += used;
  }
  return box;
}

function block(lines, at) {
  const rest = lines.slice(at);
  if (lines[at].startsWith("```")) return fence(rest);
  if (lines[at].startsWith(">>> ")) {
    return [el("blockquote", {}, markdown([lines[at].slice(4), ...rest.slice(1)].join("\n"))), rest.length];
  }
  const quoted = run(rest, /^> ?/);
  if (quoted && /^>(?: |$)/.test(lines[at])) {
    const inner = rest.slice(0, quoted).map((line) => line.replace(/^> ?/, ""));
    return [el("blockquote", {}, markdown(inner.join("\n"))), quoted];
  }
  const listed = run(rest, /^\s*(?:[-*]|\d+\.) /);
  if (listed) return [list(rest.slice(0, listed)), listed];
  const head = lines[at].match(/^(#{1,3}|-#) (.*)$/);
  if (head?.[1] === "-#") return [el("p", { class: "subtext" }, inline(head[2])), 1];
  if (head) return [el(`h${head[1].length + 1}`, {}, inline(head[2])), 1];
  return [el("p", {}, lines[at] ? inline(lines[at]) : el("br")), 1];
}

const run = (lines, pattern) => {
  const end = lines.findIndex((line) => !pattern.test(line));
  return end === -1 ? lines.length : end;
};

function fence(lines) {
  const whole = lines.join("\n");
  const found = whole.match(/^```(?:[\w+-]*\n)?([\s\S]*?)```[^\S\n]*(?:\n|$)/);
  if (!found) return [el("p", {}, inline(lines[0])), 1];
  const used = found[0].replace(/\n$/, "").split("\n").length;
  return [el("pre", {}, el("code", {}, found[1])), used];
}

function list(lines) {
  const numbered = /^\s*\d+\. /.test(lines[0]);
  const items = lines.map((line) => {
    const depth = Math.min(line.match(/^\s*/)[0].length, 6);
    const item = el("li", {}, inline(line.replace(/^\s*(?:[-*]|\d+\.) /, "")));
    if (depth) item.className = "deeper";
    return item;
  });
  return el(numbered ? "ol" : "ul", {}, items);
}

// Marks that stand around words, the longest first.
const MARKS = [
  ["***", (inner) => el("strong", {}, el("em", {}, inner))],
  ["||", (inner) => spoiler(inner)],
  ["**", (inner) => el("strong", {}, inner)],
  ["__", (inner) => el("u", {}, inner)],
  ["~~", (inner) => el("s", {}, inner)],
  ["*", (inner) => el("em", {}, inner)],
  ["_", (inner) => el("em", {}, inner)],
];

export function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(plain));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = special(text, at);
    if (!found) {
      plain += text[at];
      at += 1;
    } else {
      const [node, used] = found;
      if (typeof node === "string") plain += node;
      else flush(), nodes.push(node);
      at += used;
    }
  }
  flush();
  return nodes;
}

function special(text, at) {
  const rest = text.slice(at);
  if (rest[0] === "\\" && ESCAPABLE.test(rest[1] ?? "")) return [rest[1], 2];
  if (rest[0] === "`") return code(rest);
  if (rest[0] === "<") return angled(rest);
  if (rest[0] === "[") return link(rest);
  if (rest[0] === "@") return everyone(rest);
  if (rest[0] === "h" && !/\w/.test(text[at - 1] ?? "")) return bare(rest);
  return marked(text, at);
}

function code(rest) {
  const found = rest.match(/^(`{1,2})(?!`)([^\n]*?[^`])\1(?!`)/);
  return found && [el("code", {}, found[2].trim() || found[2]), found[0].length];
}

function marked(text, at) {
  for (const [mark, make] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    if (mark === "_" && /\w/.test(text[at - 1] ?? "")) continue;
    const end = closing(text, at + mark.length, mark);
    if (end > at + mark.length) {
      return [make(inline(text.slice(at + mark.length, end))), end + mark.length - at];
    }
  }
  return null;
}

// Where the mark ends that began before ``from``; escaped characters and code do not count.
function closing(text, from, mark) {
  if (/\s/.test(text[from] ?? " ") && mark === "*") return -1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "`") at += (code(text.slice(at))?.[1] ?? 1) - 1;
    else if (text.startsWith(mark, at)) {
      if (mark.length === 1 && text[at + 1] === mark) at += 1;
      else if (mark === "_" && /\w/.test(text[at + 1] ?? "")) continue;
      else return at;
    }
  }
  return -1;
}

function angled(rest) {
  let found = rest.match(/^<@!?(\d+)>/);
  if (found) return [mention("@", userOf(found[1])?.name ?? "unknown-user"), found[0].length];
  found = rest.match(/^<@&(\d+)>/);
  if (found) return [mention("@", roleOf(found[1])?.name ?? "unknown-role"), found[0].length];
  found = rest.match(/^<#(\d+)>/);
  if (found) return [channelMention(found[1]), found[0].length];
  found = rest.match(/^<\/([^:>]+):\d+>/);
  if (found) return [mention("/", found[1]), found[0].length];
  found = rest.match(/^<t:(-?\d+)(?::([a-zA-Z]))?>/);
  if (found) return [moment(Number(found[1]), found[2]), found[0].length];
  found = rest.match(/^<(https?:\/\/[^\s<>]+)>/);
  return found && [anchor(found[1], found[1]), found[0].length];
}

const mention = (sign, name) => el("span", { class: "mention" }, sign + name);

function channelMention(id) {
  const known = channelOf(id);
  if (!known) return mention("#", "unknown");
  const open = () => document.dispatchEvent(new CustomEvent("open", { detail: { channel: id } }));
  return el("button", { type: "button", class: "mention", onclick: open }, `#${known.name}`);
}

function moment(seconds, style) {
  const then = new Date(seconds * 1000);
  const days = Math.round((then - Date.now()) / 864e5);
  const relative = new Intl.RelativeTimeFormat([], { numeric: "auto" });
  const text = style === "R" ? relative.format(days, "day") : then.toLocaleString();
  return el("time", { class: "moment", datetime: then.toISOString(), title: then.toString() }, text);
}

function everyone(rest) {
  const found = rest.match(/^@(?:everyone|here)\b/);
  return found && [mention("", found[0]), found[0].length];
}

function link(rest) {
  const found = rest.match(/^\[((?:\\.|[^\]\\\n])+)\]\((?:<(https?:\/\/[^\s<>]+)>|(https?:\/\/[^\s()<>]+))\)/);
  return found && [anchor(found[2] ?? found[3], inline(found[1])), found[0].length];
}

function bare(rest) {
  const found = rest.match(WEB);
  if (!found) return null;
  const address = found[0].replace(/[.,:;!?"')\]]+$/, "");
  return [anchor(address, address), address.length];
}

const PLACE = /^https:\/\/discord\.com\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?$/;

// What points to a place on Discord leads there, as it does on Discord.
function anchor(href, text) {
  const [, channel, message] = href.match(PLACE) ?? [];
  if (!channel) return el("a", { href, target: "_blank", rel: "noreferrer noopener" }, text);
  const name = text === href ? `#${channelOf(channel)?.name ?? "unknown"}${message ? " › 💬" : ""}` : text;
  const go = () => document.dispatchEvent(new CustomEvent("open", { detail: { channel, message } }));
  return el("button", { type: "button", class: text === href ? "mention" : "plain", onclick: go }, name);
}

function spoiler(inner) {
  const show = (event) => event.currentTarget.classList.add("shown");
  return el("button", { type: "button", class: "spoiler", onclick: show }, inner);
}

// Whether a text is emoji alone, which Discord shows large.
export const isJumbo = (text) => /^(?:\p{Extended_Pictographic}\uFE0F?\s*){1,27}$/u.test(text);

export const pings = (message) => message.pings.includes(here.person);
