// Making elements. Text always becomes a text node: nothing here reads markup.

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else if (key === "value" || key === "checked" || key === "disabled") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child || child === 0));
  return element;
}

export const find = (id) => document.getElementById(id);

export function toast(text) {
  const shown = el("p", { class: "toast" }, text);
  find("toasts").append(shown);
  setTimeout(() => shown.remove(), 6000);
}

const ICONS = {
  chat: "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H10l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
  lock: "M12 2a5 5 0 0 0-5 5v3H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-8a2 2 0 0 0-2-2h-1V7a5 5 0 0 0-5-5zm-3 8V7a3 3 0 0 1 6 0v3z",
  eye: "M12 5C7 5 3 8.500 1.500 12 3 15.500 7 19 12 19s9-3.500 10.500-7C21 8.500 17 5 12 5zm0 11a4 4 0 1 1 0-8 4 4 0 0 1 0 8zm0-2a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  file: "M6 2h8l5 5v13a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm7 2v4h4z",
  save: "M11 3h2v9l3.500-3.500 1.400 1.400L12 16l-5.900-6.100 1.400-1.400L11 12zM4 19h16v2H4z",
  reply: "M10 8V4l-8 7 8 7v-4c5 0 8.500 1.500 11 5-1-6-4.500-10.500-11-11z",
  more: "M4 10h4v4H4zm6 0h4v4h-4zm6 0h4v4h-4z",
  send: "M3 4l19 8-19 8 3-7 8-1-8-1z",
  stop: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM7 11h10v2H7z",
  plus: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm5 11h-4v4h-2v-4H7v-2h4V7h2v4h4z",
};

// A sign that does not depend on the machine's fonts.
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  picture.append(path);
  return picture;
}

let last = 0;
export const fresh = (stem) => `${stem}-${(last += 1)}`;

const COLOURS = ["#5865f2", "#3ba55c", "#c27c0e", "#ad1457", "#206694", "#71368a", "#a84300"];

export function avatar(user, size = "") {
  const bot = user.bot ? " robot" : "";
  const shape = el("span", { class: `avatar${bot} ${size}`, "aria-hidden": "true" }, user.name[0]);
  const number = [...String(user.id)].reduce((sum, digit) => sum + digit.charCodeAt(0), 0);
  shape.style.setProperty("--colour", user.bot ? "#5865f2" : COLOURS[1 + (number % 6)]);
  return shape;
}

export function timeOf(stamp) {
  const then = new Date(stamp);
  const clock = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const today = new Date().toDateString() === then.toDateString();
  return today ? clock : `${then.toLocaleDateString()} ${clock}`;
}

export function sizeOf(bytes) {
  const units = ["bytes", "KB", "MB"];
  let at = 0;
  while (bytes >= 1024 && at < 2) {
    bytes /= 1024;
    at += 1;
  }
  return `${at ? bytes.toFixed(2) : bytes} ${units[at]}`;
}
