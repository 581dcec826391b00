// The page as a whole: it loads what there is, then follows what happens.

import { attempt, get, hush, listen } from "./api.js";
import { Composer } from "./composer.js";
import { find, toast } from "./dom.js";
import { channels, here } from "./here.js";
import { remove, reveal, setCompose, show, showAll } from "./messages.js";
import { showSide, startSide, unread } from "./side.js";

const composer = new Composer();
setCompose({ reply: (message) => composer.reply(message), edit: (message) => composer.edit(message) });

async function loadWorld() {
  here.world = await get("world");
  here.person = here.world.me;
  const known = [here.world.direct, ...channels().map((one) => one.id)];
  if (!known.includes(here.channel)) here.channel = channels()[0].id;
  showSide(open);
}

// What happens while messages are being fetched, and so may be missing among them.
let fetching = 0;
let meanwhile = [];

async function loadMessages() {
  const channel = here.channel;
  fetching += 1;
  const found = await get("messages", { channel }).finally(() => (fetching -= 1));
  if (channel !== here.channel) return;
  here.messages = new Map(found.map((message) => [message.id, message]));
  showAll();
  meanwhile.forEach(apply);
  if (!fetching) meanwhile = [];
}

function apply(news) {
  if (news.message) arrive(news.message);
  else if (news.gone.channel === here.channel) remove(news.gone.id);
}

async function open(id) {
  here.channel = id;
  unread.delete(id);
  find("typing").textContent = "";
  showSide(open);
  composer.reset();
  await loadMessages();
  composer.focus();
}

async function become(person) {
  hush(); // what the other person is told is not for this one
  meanwhile = [];
  here.messages = new Map();
  showAll();
  here.person = person;
  unread.clear();
  await loadWorld();
  composer.reset();
  await loadMessages();
  follow();
}

let typingEnds;
function type(channel) {
  if (channel !== here.channel) return;
  find("typing").textContent = `${here.world.bot.name} is typing…`;
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => (find("typing").textContent = ""), 8000);
}

async function hear(news) {
  if (news.hello) await loadMessages(); // what came before the line was open, or while it was cut
  else if (news.world) await loadWorld();
  else if (news.typing) type(news.typing);
  else {
    if (fetching) meanwhile.push(news);
    apply(news);
  }
}

function arrive(message) {
  if (message.channel !== here.channel) {
    unread.add(message.channel);
    showSide(open);
    return;
  }
  if (message.author.bot) find("typing").textContent = "";
  show(message);
}

const follow = () => listen((news) => hear(news).catch((error) => toast(error.message)));

find("person").addEventListener("change", (event) => become(event.target.value).catch((error) => toast(error.message)));
find("language").addEventListener("change", async (event) => {
  await attempt("speak", { locale: event.target.value });
  await loadWorld();
  composer.refresh();
});
document.addEventListener("open", async ({ detail: { channel, message } }) => {
  const known = channel === here.world.direct || channels().some((one) => one.id === channel);
  if (!known) return toast("You cannot see that channel.");
  if (channel !== here.channel) await open(channel);
  if (message) reveal(message);
});
startSide();

await become("");
composer.focus();
document.body.dataset.ready = "yes";
