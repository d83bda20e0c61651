// Puts the page together: one room, one conversation.

import { Composer } from "./composer.js";
import { byId, toast } from "./dom.js";
import { Handle } from "./handle.js";
import { Log } from "./log.js";
import { explained, listen, post } from "./net.js";
import { Panel } from "./panel.js";

const TYPING_FOR = 5000;

let room = "";
let entered = false;
let doing;

const act = async (action, body) => {
  try {
    await post(`${room}/${action}`, body);
  } catch (error) {
    toast(explained(error));
  }
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser does not let this page copy");
  }
};

const handle = new Handle({
  reply: (message) => composer.about({ what: "reply", message }),
  edit: (message) => composer.about({ what: "edit", message }),
  copy,
  remove: (message) => act("delete", { message_id: message.message_id }),
});

const log = new Log({
  get room() {
    return room;
  },
  press: (message, button, node) => {
    node.classList.add("waiting");
    setTimeout(() => node.classList.remove("waiting"), 3000);
    act("press", { message_id: message.message_id, data: button.callback_data });
  },
  copy,
  command: (command) => act("text", { text: command }),
  menu: (message, owner) => handle.open(message, owner),
});

const composer = new Composer({
  send: (text, replyTo) => act("text", replyTo === null ? { text } : { text, reply_to: replyTo }),
  edit: (id, text) => act("edit", { message_id: id, text }),
  wordless: (kind) => act(kind, {}),
  lastOwn: () => log.messages.filter((one) => !one.from_bot && one.kind === "text").pop(),
});

const panel = new Panel(() => room, (id) => log.goTo(id));

function showDoing(words) {
  clearTimeout(doing);
  byId("doing").textContent = words || "bot";
  byId("dots").hidden = !words;
  if (words) doing = setTimeout(() => showDoing(""), TYPING_FOR);
}

function showStatus(status) {
  const zoneChanged = panel.show(status);
  if (zoneChanged) log.redraw();
  log.passed(new Date(status.now));
  composer.setMenu(status.menu);
  composer.setEnabled(!panel.living);
  log.setSpoken(!panel.living);
  byId("description").textContent = status.description;
}

function showEmpty() {
  byId("empty").hidden = log.messages.length > 0 || panel.living;
}

const SHOWN = {
  hello: (event) => {
    byId("bot-name").textContent = event.bot.name;
    document.title = event.person.name === "You" ? event.bot.name : `${event.person.name} · ${event.bot.name}`;
    showStatus(event.status);
    log.showAll(event.messages, event.gone);
    if (!entered) composer.focus();
    entered = true;
  },
  message: (event) => {
    if (event.message.from_bot && event.how === "sent") showDoing("");
    log.put(event.message);
  },
  gone: (event) => log.remove(event.message_id),
  doing: (event) => {
    showDoing(event.action === "typing" ? "typing" : "sending");
    if (!byId("dots").hidden) log.toEnd();
  },
  answer: (event) => {
    for (const key of document.querySelectorAll(".key.waiting")) key.classList.remove("waiting");
    if (panel.living) return;
    if (event.text && event.show_alert) {
      byId("alert-words").textContent = event.text;
      byId("alert").showModal();
    } else if (event.text) {
      toast(event.text);
    }
  },
  status: showStatus,
};

function lost(forGood) {
  showDoing("");
  byId("doing").textContent = forGood ? "gone" : "the demo has stopped";
  composer.setEnabled(false);
  if (forGood) toast(explained({ reason: "gone" }));
}

async function enter() {
  const [, key] = location.pathname.match(/^\/p\/([0-9a-z]+)$/) || [];
  if (key) return `/p/${key}`;
  const made = await post("/people", { new: location.search === "?new" });
  history.replaceState(null, "", `/p/${made.key}`);
  return `/p/${made.key}`;
}

byId("start").addEventListener("click", () => act("text", { text: "/start" }));

// Nothing that is typed gets lost: there is nobody to type to yet.
composer.setEnabled(false);
try {
  byId("doing").textContent = "starting";
  room = await enter();
  listen(
    room,
    (event) => {
      SHOWN[event.event]?.(event);
      if (byId("doing").textContent !== "typing") byId("doing").textContent = "bot";
      showEmpty();
    },
    lost,
  );
} catch (error) {
  byId("doing").textContent = "not started";
  byId("empty").hidden = false;
  byId("start").hidden = true;
  byId("description").textContent = explained(error);
}
