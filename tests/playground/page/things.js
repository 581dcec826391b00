// People, roles and channels to choose from.

import { avatar, el, icon } from "./dom.js";
import { guildHere, members } from "./here.js";

const FORUM = 15;

export function signOf(channel) {
  if (channel.closed) return icon("lock");
  if (channel.parent || channel.type === FORUM) return icon("chat");
  return "#";
}

const people = () => members().map((one) => ({ id: one.id, label: one.name, icon: avatar(one, "small"), detail: one.username }));

const roles = () =>
  (guildHere()?.roles ?? []).map((one) => ({ id: one.id, label: one.name.startsWith("@") ? one.name : `@${one.name}`, detail: "role" }));

function channels(types) {
  const there = guildHere()?.channels ?? [];
  const fit = there.filter((one) => !types?.length || types.includes(one.type));
  return fit.map((one) => ({ id: one.id, label: one.name, icon: el("span", { class: "sign" }, signOf(one)) }));
}

// ``what``: "user", "role", "mentionable" or "channel".
export function things(what, types) {
  if (what === "user") return people();
  if (what === "role") return roles();
  if (what === "mentionable") return [...people(), ...roles()];
  return channels(types);
}

export const matching = (items, typed) => {
  const wanted = typed.trim().replace(/^[@#]/, "").toLocaleLowerCase();
  return items.filter((one) => one.label.toLocaleLowerCase().includes(wanted)).slice(0, 25);
};
