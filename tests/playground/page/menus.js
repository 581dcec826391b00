// The menu of a message.

import { attempt, get } from "./api.js";
import { el } from "./dom.js";
import { here } from "./here.js";
import { runMenu } from "./interactions.js";
import { rove } from "./listbox.js";
import { goodbye } from "./modals.js";

const MESSAGE_COMMAND = 3;

let open = null;
const close = () => open?.close();

// ``compose``: how to reply to a message, and how to edit one.
export async function openMenu(message, anchor, point, compose) {
  close();
  const commands = await get("commands", { channel: message.channel }).catch(() => []);
  const apps = commands.filter((one) => one.type === MESSAGE_COMMAND);
  const own = message.author.id === here.person;
  const menu = el(
    "dialog",
    { class: "menu", "aria-label": "Message actions" },
    item("Reply", () => compose.reply(message)),
    own && item("Edit message", () => compose.edit(message)),
    own && item("Delete message", () => attempt("delete", { channel: message.channel, message: message.id }), "dangerous"),
    apps.length > 0 && el("p", { class: "listtitle" }, "Apps"),
    apps.map((one) => item(one.label, () => runMenu(message, one.name), "app")),
  );
  open = menu;
  menu.addEventListener("close", () => goodbye(menu));
  menu.addEventListener("click", (event) => event.target === menu && menu.close());
  document.body.append(menu);
  menu.showModal();
  place(menu, point ?? anchor.getBoundingClientRect());
  rove(menu);
}

function item(label, act, kind = "") {
  const chosen = () => {
    close();
    act();
  };
  return el("button", { type: "button", class: `menuitem ${kind}`, onclick: chosen }, label);
}

function place(menu, { x, y }) {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.setProperty("left", `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`);
  menu.style.setProperty("top", `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`);
}
