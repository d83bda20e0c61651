// Text with Telegram's entities, built as nodes. Offsets count UTF-16 units, as strings here do.

import { el, unseen } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Nodes for a text; `onCommand` is called with a command that is pressed. */
export function rendered(text, entities, onCommand) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return inside(text, sorted, 0, text.length, onCommand);
}

function inside(text, entities, begin, end, onCommand) {
  const nodes = document.createDocumentFragment();
  let at = begin;
  let afterBlock = false;
  const plain = (until) => {
    let piece = text.slice(at, until);
    // A block stands on lines of its own already.
    if (afterBlock && piece.startsWith("\n")) piece = piece.slice(1);
    if (piece) nodes.append(piece);
    afterBlock = afterBlock && !piece;
    at = until;
  };
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || stop <= entity.offset) continue;
    plain(entity.offset);
    const inner = entities
      .slice(index + 1)
      .filter((one) => one.offset >= entity.offset && one.offset < stop);
    const content = () => inside(text, inner, entity.offset, stop, onCommand);
    nodes.append(wrapped(entity, text.slice(entity.offset, stop), content, onCommand));
    at = stop;
    afterBlock = BLOCKS.has(entity.type);
  }
  plain(end);
  return nodes;
}

function wrapped(entity, words, content, onCommand) {
  const tag = TAGS[entity.type];
  if (tag) return el(tag, {}, content());
  switch (entity.type) {
    case "spoiler":
      return spoiler(words, content);
    case "expandable_blockquote":
      return expandable(content());
    case "bot_command":
      return el(
        "button",
        { type: "button", class: "in-text", onclick: () => onCommand(words) },
        words,
      );
    case "text_link":
      return link(entity.url, content());
    case "url":
      return link(/^[a-z]+:/i.test(words) ? words : `https://${words}`, content());
    case "email":
      return link(`mailto:${words}`, content());
    case "phone_number":
      return link(`tel:${words}`, content());
    default:
      return el("span", {}, content());
  }
}

function link(address, content) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return content;
  }
  if (!SAFE.has(url.protocol)) return content;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, content);
}

function spoiler(words, content) {
  const cover = el(
    "button",
    { type: "button", class: "spoiler" },
    el("span", { "aria-hidden": "true" }, words),
    unseen("Hidden text. Press to show it."),
  );
  cover.addEventListener("click", () => {
    const shown = el("span", { class: "shown", tabindex: "-1" }, content());
    cover.replaceWith(shown);
    shown.focus();
  });
  return cover;
}

/** A quotation of which three lines are shown; it unfolds only where that cuts something off. */
function expandable(content) {
  const inner = el("div", { class: "folded" }, content);
  const toggle = el("button", { type: "button", class: "in-text fold", "aria-expanded": "false", hidden: true });
  const label = (open) => {
    toggle.textContent = open ? "Show less" : "Show more";
    toggle.setAttribute("aria-expanded", String(open));
    inner.classList.toggle("open", open);
  };
  label(false);
  toggle.addEventListener("click", () => label(!inner.classList.contains("open")));
  new ResizeObserver(() => {
    const open = inner.classList.contains("open");
    if (!open) toggle.hidden = inner.scrollHeight <= inner.clientHeight + 1;
  }).observe(inner);
  return el("blockquote", { class: "expandable" }, inner, toggle);
}
