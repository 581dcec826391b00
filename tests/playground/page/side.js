// Servers, channels, members, and who one is.

import { avatar, el, find, icon } from "./dom.js";
import { channelOf, guildHere, here, isDirect, members } from "./here.js";
import { rove } from "./listbox.js";
import { signOf } from "./things.js";

export const unread = new Set();

export function showSide(open) {
  showRail(open);
  showChannels(open);
  showMembers();
  const channel = channelOf(here.channel);
  find("title").replaceChildren(isDirect() ? "@" : signOf(channel), " ", isDirect() ? here.world.bot.name : channel.name);
  find("topic").textContent = topic(channel);
  find("state").textContent = here.world.online ? "" : `${here.world.bot.name} is starting…`;
  find("person").replaceChildren(...here.world.people.map((one) => el("option", { value: one.id, selected: one.id === here.person }, one.name)));
  find("language").value = here.world.people.find((one) => one.id === here.person).locale;
}

function topic(channel) {
  if (isDirect()) return "Direct messages: write without a mention";
  if (channel?.name.startsWith("ask-")) return "Every question here is answered, without a mention";
  return `Mention @${here.world.bot.name}, or type /`;
}

function showRail(open) {
  const direct = { id: here.world.direct, name: "Direct messages", first: here.world.direct, mark: icon("chat") };
  const guilds = here.world.guilds.map((one) => ({ ...one, first: one.channels[0].id, mark: initials(one.name) }));
  const now = guildHere()?.id ?? here.world.direct;
  const icons = [direct, ...guilds].map((one) =>
    el("button", { type: "button", class: "guild", "aria-label": one.name, title: one.name, "aria-current": one.id === now ? "true" : null, onclick: () => open(one.first) }, one.mark),
  );
  keepFocus(find("rail"), icons);
}

const initials = (name) => name.split(" ").map((word) => word[0]).join("");

function showChannels(open) {
  const guild = guildHere();
  find("server").textContent = guild?.name ?? "Direct messages";
  const listed = guild ? ordered(guild.channels) : [{ id: here.world.direct, name: here.world.bot.name, direct: true }];
  const buttons = listed.map((one) => {
    const classes = ["channel", one.parent && "inner", unread.has(one.id) && "unread"].filter(Boolean);
    const sign = one.direct ? avatar(here.world.bot, "small") : el("span", { class: "sign", "aria-hidden": "true" }, signOf(one));
    const current = one.id === here.channel ? "page" : null;
    return el("button", { type: "button", class: classes.join(" "), "aria-current": current, "data-channel": one.name, onclick: () => open(one.id) }, sign, el("span", {}, one.name));
  });
  keepFocus(find("channels"), buttons);
}

// Each thread below its channel.
const ordered = (all) => all.filter((one) => !one.parent).flatMap((one) => [one, ...all.filter((inner) => inner.parent === one.id)]);

function keepFocus(container, buttons) {
  const at = [...container.children].indexOf(document.activeElement);
  container.replaceChildren(...buttons);
  if (at >= 0) buttons[at]?.focus();
}

function showMembers() {
  const roles = new Map((guildHere()?.roles ?? []).map((one) => [one.id, one.name]));
  const shown = members().map((one) => {
    const held = (one.roles ?? []).map((id) => roles.get(id)).filter((name) => name && name !== one.username);
    const about = held.length ? el("small", {}, held.join(", ")) : null;
    return el("li", {}, avatar(one), el("span", {}, el("span", {}, one.name, one.bot && el("span", { class: "app" }, "APP")), about));
  });
  find("members").replaceChildren(el("h2", {}, `Members — ${shown.length}`), el("ul", {}, shown));
}

export function startSide() {
  rove(find("rail"));
  rove(find("channels"));
  const drawer = find("drawer");
  const toggle = (open) => {
    document.body.classList.toggle("drawn", open);
    drawer.setAttribute("aria-expanded", String(open));
  };
  drawer.addEventListener("click", () => toggle(!document.body.classList.contains("drawn")));
  find("channels").addEventListener("click", (event) => event.target.closest("button") && toggle(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
}
