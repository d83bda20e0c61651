// One message as a node: bubble, picture or document, buttons, reaction.

import { el, icon, unseen } from "./dom.js";
import { rendered } from "./entities.js";
import { clock } from "./times.js";

/**
 * @param message as the demo tells it
 * @param chat what can be done: press, copy, command, find (a message by id), goTo, menu, room
 */
export function messageNode(message, chat) {
  const sender = message.from_bot ? "Ampersand" : "You";
  const at = clock(new Date(message.sent_at));
  return el(
    "article",
    {
      class: `message ${message.from_bot ? "theirs" : "own"}`,
      data: { id: message.message_id },
      "aria-label": `${sender}, ${at}`,
    },
    el(
      "div",
      { class: "bubble" },
      unseen(`${sender}: `),
      replied(message, chat),
      attachment(message, chat),
      message.text ? el("div", { class: "text" }, rendered(message.text, message.entities, chat.command)) : null,
      meta(message, at, chat),
    ),
    keyboard(message, chat),
    reactions(message),
  );
}

/** A few words of a message, for where it is quoted. */
export function gist(message) {
  if (message.text) return message.text.replace(/\s+/g, " ").slice(0, 80);
  return { photo: "Photo", document: message.file_name, sticker: "Sticker", voice: "Voice note" }[message.kind] || "";
}

function replied(message, chat) {
  if (message.reply_to === null) return null;
  const original = chat.find(message.reply_to);
  if (!original) return el("p", { class: "replied" }, "A message that is gone");
  return el(
    "button",
    { type: "button", class: "replied", onclick: () => chat.goTo(message.reply_to) },
    unseen("In reply to: "),
    gist(original),
  );
}

function attachment(message, chat) {
  const address = `${chat.room}/files/${message.message_id}?${encodeURIComponent(message.file || "")}`;
  switch (message.kind) {
    case "photo":
      return photo(message, address);
    case "document":
      return el(
        "a",
        { class: "document", href: address, download: message.file_name },
        icon("file"),
        el("span", {}, message.file_name, el("small", {}, size(message.file_size))),
      );
    case "voice":
    case "sticker":
    case "location":
      return el("p", { class: "wordless-note" }, gist(message) || "Place");
    default:
      return null;
  }
}

function photo(message, address) {
  const picture = el("img", {
    src: address,
    alt: message.text ? "Picture, described below" : "Picture",
    width: message.width,
    height: message.height,
  });
  const frame = el("div", { class: "photo" }, picture);
  // As high as the style allows, whatever its shape.
  if (message.height) frame.style.setProperty("--shape", message.width / message.height);
  if (!message.spoiler) return frame;
  const cover = el("button", { type: "button", class: "cover" }, "Show the picture");
  frame.classList.add("covered");
  frame.append(cover);
  cover.addEventListener("click", () => {
    frame.classList.remove("covered");
    cover.remove();
  });
  return frame;
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function meta(message, at, chat) {
  const loud = message.from_bot && !message.silent;
  return el(
    "p",
    { class: "meta" },
    el(
      "button",
      {
        type: "button",
        class: "handle",
        "aria-haspopup": "menu",
        "aria-label": "Reply, and more",
        onclick: (event) => chat.menu(message, event.currentTarget),
      },
      icon("more"),
    ),
    message.protected ? sign("lock", "protected: Telegram lets nobody forward or save it") : null,
    loud ? sign("bell", "came with a sound") : null,
    message.edited_at ? el("span", {}, "edited") : null,
    el("time", { datetime: message.sent_at }, at),
  );
}

function sign(name, words) {
  return el("span", { class: "sign", title: words }, icon(name), unseen(words));
}

function reactions(message) {
  if (!message.reactions.length) return null;
  return el(
    "p",
    { class: "reactions" },
    unseen("Ampersand reacted: "),
    ...message.reactions.map((emoji) => el("span", {}, emoji)),
  );
}

function keyboard(message, chat) {
  if (!message.keyboard.length) return null;
  return el(
    "div",
    { class: "keyboard", role: "group", "aria-label": "Buttons of this message" },
    ...message.keyboard.map((row) =>
      el("div", { class: "row" }, ...row.map((button) => keyboardButton(message, button, chat))),
    ),
  );
}

function keyboardButton(message, button, chat) {
  const style = button.style ? ` ${button.style}` : "";
  if (button.url) {
    const address = { href: button.url, target: "_blank", rel: "noopener noreferrer" };
    return el("a", { class: `key${style}`, ...address }, button.text, icon("link"));
  }
  if (button.copy_text) {
    const copy = () => chat.copy(button.copy_text.text);
    return el("button", { type: "button", class: `key${style}`, onclick: copy }, button.text, icon("copy"));
  }
  const press = (event) => chat.press(message, button, event.currentTarget);
  return el("button", { type: "button", class: `key${style}`, onclick: press }, button.text);
}
