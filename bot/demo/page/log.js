// The conversation: messages in their order, days between them, and staying at the newest one.

import { byId, el, say } from "./dom.js";
import { gist, messageNode } from "./message.js";
import { day, dayKey } from "./times.js";

const NEAR = 120;
const MARGIN = 16;

export class Log {
  #place = byId("messages");
  #scroller = byId("log");
  #down = byId("down");
  #known = new Map();
  #nodes = new Map();
  #lastDay = null;
  #follow = true;
  #leftAt = 0;

  constructor(chat) {
    this.chat = Object.assign(chat, { find: (id) => this.#known.get(id), goTo: (id) => this.goTo(id) });
    this.#scroller.addEventListener("scroll", () => {
      if (this.#looksAtNewest()) this.#down.hidden = true;
    });
    this.#down.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.#follow && this.toEnd()).observe(this.#scroller);
  }

  get messages() {
    return [...this.#known.values()];
  }

  find(id) {
    return this.#known.get(id);
  }

  showAll(messages) {
    this.#known = new Map(messages.map((message) => [message.message_id, message]));
    this.redraw();
    this.toEnd();
  }

  redraw() {
    this.#nodes.clear();
    this.#lastDay = null;
    this.#place.replaceChildren();
    for (const message of this.#known.values()) this.#append(message);
  }

  put(message) {
    const near = this.#looksAtNewest();
    const id = message.message_id;
    this.#known.set(id, message);
    if (this.#nodes.has(id)) this.#replace(message);
    else this.#append(message);
    if (near || !message.from_bot) this.toEnd();
    else this.#down.hidden = false;
  }

  remove(id) {
    this.#known.delete(id);
    this.#nodes.get(id)?.remove();
    this.#nodes.delete(id);
    for (const separator of this.#place.querySelectorAll(".day")) {
      const next = separator.nextElementSibling;
      if (!next || next.classList.contains("day")) separator.remove();
    }
    if (!this.#place.lastElementChild) this.#lastDay = null;
  }

  goTo(id) {
    const node = this.#nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.add("pointed");
    setTimeout(() => node.classList.remove("pointed"), 1500);
  }

  /** Shows the newest message: its end, or its beginning where it does not fit in whole. */
  toEnd() {
    const scroller = this.#scroller;
    const last = this.#place.lastElementChild;
    const tall = last && last.offsetHeight > scroller.clientHeight - MARGIN;
    scroller.scrollTop = tall ? last.offsetTop - MARGIN : scroller.scrollHeight;
    this.#leftAt = scroller.scrollTop;
    this.#follow = true;
    this.#down.hidden = true;
  }

  /** Whether what comes in is read out: not while weeks rush by. */
  setSpoken(spoken) {
    this.#scroller.setAttribute("aria-live", spoken ? "polite" : "off");
  }

  #looksAtNewest() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const untouched = this.#follow && Math.abs(scrollTop - this.#leftAt) < 2;
    this.#follow = untouched || scrollHeight - scrollTop - clientHeight < NEAR;
    return this.#follow;
  }

  #append(message) {
    const at = new Date(message.sent_at);
    const key = dayKey(at);
    if (key !== this.#lastDay) {
      this.#place.append(el("p", { class: "day" }, el("span", {}, day(at))));
      this.#lastDay = key;
    }
    const node = messageNode(message, this.chat);
    this.#nodes.set(message.message_id, node);
    this.#place.append(node);
  }

  #replace(message) {
    const old = this.#nodes.get(message.message_id);
    const held = placeOfFocus(old);
    const changed = old.querySelector(".text")?.textContent;
    const node = messageNode(message, this.chat);
    old.replaceWith(node);
    this.#nodes.set(message.message_id, node);
    if (held !== null) focusAt(node, held);
    const words = node.querySelector(".text")?.textContent;
    if (this.#scroller.getAttribute("aria-live") !== "off" && words !== changed) {
      say(`Changed: ${gist(message)}`);
    }
  }
}

/** Which button of a message has the focus, so that an edit does not lose it; null if none. */
function placeOfFocus(node) {
  if (!node.contains(document.activeElement)) return null;
  return [...node.querySelectorAll(".key")].indexOf(document.activeElement);
}

function focusAt(node, index) {
  const keys = node.querySelectorAll(".key");
  const target = keys[Math.min(index, keys.length - 1)];
  if (index >= 0 && target) target.focus({ preventScroll: true });
  else byId("words").focus({ preventScroll: true });
}
