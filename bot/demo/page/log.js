// The conversation: messages in their order, days between them, and staying at the newest one.

import { byId, el, icon, say } from "./dom.js";
import { gist, messageNode } from "./message.js";
import { day, dayKey, shortDay } from "./times.js";

const NEAR = 120;
const MARGIN = 16;
const DAY = 24 * 60 * 60 * 1000;

export class Log {
  #place = byId("messages");
  #scroller = byId("log");
  #down = byId("down");
  #known = new Map();
  #nodes = new Map();
  #lastDay = null;
  #lastAt = null;
  #now = null;
  #gone = new Set();
  #follow = true;
  #leftAt = 0;

  constructor(chat) {
    this.chat = Object.assign(chat, { find: (id) => this.#known.get(id), goTo: (id) => this.goTo(id) });
    this.#scroller.addEventListener("scroll", () => {
      if (this.#looksAtNewest()) this.#down.hidden = true;
    });
    this.#down.append(icon("down"));
    this.#down.addEventListener("click", () => this.toEnd());
    // Without a mouse there is no hovering: whoever touches a message sees its handle.
    this.#scroller.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse") return;
      for (const node of this.#place.querySelectorAll(".touched")) node.classList.remove("touched");
      event.target.closest(".message")?.classList.add("touched");
    });
    new ResizeObserver(() => this.#follow && this.toEnd()).observe(this.#scroller);
  }

  get messages() {
    return [...this.#known.values()];
  }

  find(id) {
    return this.#known.get(id);
  }

  /** @param gone when messages were sent that are there no more */
  showAll(messages, gone) {
    this.#known = new Map(messages.map((message) => [message.message_id, message]));
    this.#gone = new Set(gone);
    this.redraw();
    this.toEnd();
  }

  redraw() {
    this.#nodes.clear();
    this.#lastDay = null;
    this.#lastAt = null;
    this.#place.replaceChildren();
    for (const message of this.#known.values()) this.#append(message);
    this.passed(this.#now);
  }

  /** It is `now`: whole days since the last message on which nothing came are told of below it. */
  passed(now) {
    this.#now = now;
    const last = this.#place.lastElementChild;
    const before = last?.classList.contains("silence") ? last : null;
    const line = now && this.#lastAt && this.#silence(this.#lastAt, now);
    if (line?.textContent === before?.textContent) return;
    const near = this.#looksAtNewest();
    before?.remove();
    if (line) this.#place.append(line);
    if (near) this.toEnd();
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
    const message = this.#known.get(id);
    if (message) this.#gone.add(message.sent_at);
    this.#known.delete(id);
    this.#nodes.get(id)?.remove();
    this.#nodes.delete(id);
    for (const line of this.#place.querySelectorAll(".day, .silence")) {
      const next = line.nextElementSibling;
      const leads = line.classList.contains("silence") && next?.classList.contains("day");
      if (!next || (next.matches(".day, .silence") && !leads)) line.remove();
    }
    if (!this.#place.lastElementChild) this.#lastDay = this.#lastAt = null;
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
    const tail = this.#place.lastElementChild;
    if (tail?.classList.contains("silence")) tail.remove();
    if (key !== this.#lastDay) {
      const silence = this.#lastAt && this.#silence(this.#lastAt, at);
      if (silence) this.#place.append(silence);
      this.#place.append(el("p", { class: "day" }, el("span", {}, day(at))));
      this.#lastDay = key;
    }
    this.#lastAt = at;
    const node = messageNode(message, this.chat);
    this.#nodes.set(message.message_id, node);
    this.#place.append(node);
  }

  /** A line about the whole days between two times on which nothing came, or null. */
  #silence(from, to) {
    const busy = new Set([...this.#gone].map((sent) => dayKey(new Date(sent))));
    const ends = [dayKey(from), dayKey(to)];
    const days = [];
    for (let at = from.getTime() + DAY; at < to.getTime(); at += DAY) {
      const date = new Date(at);
      const key = dayKey(date);
      if (!ends.includes(key) && !busy.has(key)) days.push(date);
    }
    if (!days.length) return null;
    const words = days.length === 1 ? `no question on ${shortDay(days[0])}` : `no question for ${days.length} days`;
    return el("p", { class: "silence" }, words);
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
