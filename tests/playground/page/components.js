// Components as people see them, of both versions.

import { el, icon, sizeOf } from "./dom.js";
import { markdown } from "./markdown.js";
import { select } from "./selects.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

// ``use(part, values, element)`` is called for what is pressed or chosen.
export function components(message, use) {
  return message.components.map((part) => component(part, message, use));
}

function component(part, message, use) {
  const make = MAKE[part.type];
  return make ? make(part, message, use) : el("p", { class: "unknown" }, `Component ${part.type}`);
}

const inside = (part, message, use) => part.components.map((one) => component(one, message, use));

function container(part, message, use) {
  const box = el("div", { class: `container${part.spoiler ? " veiled" : ""}` }, inside(part, message, use));
  if (part.accent_color !== undefined && part.accent_color !== null) {
    box.classList.add("accented");
    box.style.setProperty("--accent", `#${part.accent_color.toString(16).padStart(6, "0")}`);
  }
  return box;
}

const row = (part, message, use) => el("div", { class: "row" }, inside(part, message, use));

const text = (part) => markdown(part.content);

const section = (part, message, use) =>
  el(
    "div",
    { class: "section" },
    el("div", { class: "sectiontext" }, inside(part, message, use)),
    el("div", { class: "accessory" }, component(part.accessory, message, use)),
  );

function button(part, message, use) {
  const words = [part.emoji?.name && el("span", { class: "emoji" }, part.emoji.name), part.label];
  if (part.style === 5) {
    const safe = /^https?:/.test(part.url) ? part.url : null;
    return el("a", { class: "button link", href: safe, target: "_blank", rel: "noreferrer noopener" }, words, " ↗");
  }
  return el(
    "button",
    {
      type: "button",
      class: `button ${STYLES[part.style]}`,
      disabled: Boolean(part.disabled),
      "aria-label": part.label ? null : part.emoji?.name,
      "data-id": part.custom_id,
      onclick: (event) => use(part, [], event.currentTarget),
    },
    words,
  );
}

const choose = (part, _, use) => select(part, (values) => use(part, values));

const separator = (part) =>
  el("div", { class: `separator${part.spacing === 2 ? " wide" : ""}${part.divider === false ? " bare" : ""}`, role: "separator" });

// Pictures of the page's own files alone: nothing is fetched from elsewhere.
const picture = (media, alt) =>
  media.url.startsWith("cdn/")
    ? el("img", { src: media.url, alt: alt ?? "", loading: "lazy" })
    : el("a", { href: /^https?:/.test(media.url) ? media.url : null, target: "_blank", rel: "noreferrer noopener" }, alt || media.url);

const thumbnail = (part) => el("figure", { class: "thumbnail" }, picture(part.media, part.description));

const gallery = (part) =>
  el("div", { class: "gallery" }, part.items.map((one) => el("figure", {}, picture(one.media, one.description))));

function file(part, message) {
  const known = message.attachments.find((one) => one.url === part.file.url);
  return attachment(known ?? { name: part.file.url, url: "", size: 0, kind: "" });
}

export function attachment(one) {
  if (one.kind.startsWith("image/") && !one.kind.includes("svg")) {
    return el("figure", { class: "picture" }, el("img", { src: one.url, alt: one.name }));
  }
  return el(
    "div",
    { class: "file" },
    el("span", { class: "filesign", "aria-hidden": "true" }, icon("file")),
    el("span", { class: "filename" }, el("a", { href: one.url || null, download: one.name }, one.name), el("small", {}, sizeOf(one.size))),
    one.url && el("a", { class: "download", href: one.url, download: one.name, "aria-label": `Download ${one.name}` }, icon("save")),
  );
}

// Attachments that no component shows are shown by themselves.
export function loose(message) {
  const shown = JSON.stringify(message.components);
  return message.attachments.filter((one) => !shown.includes(JSON.stringify(one.url)));
}

export function embed(one) {
  const box = el(
    "div",
    { class: "container accented embed" },
    one.author?.name && el("p", { class: "subtext" }, one.author.name),
    one.title && el("p", {}, el("strong", {}, one.title)),
    one.description && markdown(one.description),
    (one.fields ?? []).map((field) => el("div", { class: "field" }, el("strong", {}, field.name), markdown(field.value))),
    one.footer?.text && el("p", { class: "subtext" }, one.footer.text),
  );
  box.style.setProperty("--accent", `#${(one.color ?? 0x202225).toString(16).padStart(6, "0")}`);
  return box;
}

const MAKE = { 1: row, 2: button, 3: choose, 5: choose, 6: choose, 7: choose, 8: choose, 9: section, 10: text, 11: thumbnail, 12: gallery, 13: file, 14: separator, 17: container };
