// Writing: a growing field, replying, editing, and the commands.

import { byId, el, icon } from "./dom.js";
import { gist } from "./message.js";

const coarse = matchMedia("(pointer: coarse)");

export class Composer {
  #form = byId("composer");
  #words = byId("words");
  #bar = byId("about-bar");
  #panel = byId("commands");
  #list = byId("command-list");
  #menuButton = byId("menu");
  #about = null;
  #menu = [];

  /** @param acts send(text, replyTo), edit(id, text), wordless(kind), lastOwn() */
  constructor(acts) {
    this.acts = acts;
    byId("send").append(icon("send"));
    byId("about-cancel").append(icon("close"));
    this.#menuButton.append(icon("menu"));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#words.addEventListener("input", () => this.#typed());
    this.#words.addEventListener("keydown", (event) => this.#key(event));
    byId("about-cancel").addEventListener("click", () => this.about(null));
    this.#menuButton.addEventListener("click", () => this.#toggle());
    this.#panel.addEventListener("keydown", (event) => this.#panelKey(event));
    for (const button of byId("wordless").querySelectorAll("button")) {
      button.addEventListener("click", () => {
        this.#open(false);
        acts.wordless(button.dataset.send);
      });
    }
    document.addEventListener("pointerdown", (event) => {
      if (!this.#form.contains(event.target)) this.#open(false);
    });
  }

  setMenu(menu) {
    this.#menu = menu;
    this.#menuButton.hidden = !menu.length;
    if (!this.#panel.hidden) this.#fill("");
  }

  setEnabled(enabled) {
    for (const control of this.#form.querySelectorAll("button, textarea")) control.disabled = !enabled;
  }

  focus() {
    if (!coarse.matches) this.#words.focus({ preventScroll: true });
  }

  /** Write about a message: `{ what: "reply" | "edit", message }`, or null for none. */
  about(about) {
    const wasEditing = this.#about?.what === "edit";
    this.#about = about;
    this.#bar.hidden = !about;
    if (about) {
      byId("about-what").textContent = about.what === "edit" ? "Editing" : "Replying to";
      byId("about-words").textContent = gist(about.message);
      if (about.what === "edit") this.#set(about.message.text);
      this.#words.focus();
    } else if (wasEditing) {
      this.#set("");
    }
  }

  #set(text) {
    this.#words.value = text;
    this.#grow();
  }

  #grow() {
    this.#words.style.height = "auto";
    this.#words.style.height = `${Math.min(this.#words.scrollHeight, 160)}px`;
  }

  #submit() {
    const text = this.#words.value.trim();
    if (!text) return;
    const about = this.#about;
    if (about?.what === "edit") this.acts.edit(about.message.message_id, text);
    else this.acts.send(text, about ? about.message.message_id : null);
    this.about(null);
    this.#set("");
    this.#open(false);
    this.focus();
  }

  #typed() {
    this.#grow();
    const text = this.#words.value;
    const begun = /^\/[a-z]*$/i.test(text);
    if (begun) this.#fill(text.slice(1).toLowerCase());
    this.#open(begun && this.#list.childElementCount > 0);
    byId("wordless").hidden = begun;
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !coarse.matches) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape") {
      if (!this.#panel.hidden) this.#open(false);
      else this.about(null);
    } else if (event.key === "ArrowDown" && !this.#panel.hidden) {
      event.preventDefault();
      this.#panel.querySelector("button").focus();
    } else if (event.key === "ArrowUp" && !this.#words.value) {
      const own = this.acts.lastOwn();
      if (!own) return;
      event.preventDefault();
      this.about({ what: "edit", message: own });
    }
  }

  #toggle() {
    const open = this.#panel.hidden;
    byId("wordless").hidden = false;
    if (open) this.#fill("");
    this.#open(open);
    if (open) this.#panel.querySelector("button").focus();
  }

  #open(open) {
    this.#panel.hidden = !open;
    this.#menuButton.setAttribute("aria-expanded", String(open));
  }

  #fill(begin) {
    const fitting = this.#menu.filter((one) => one.command.startsWith(begin));
    this.#list.replaceChildren(
      ...fitting.map((one) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", onclick: () => this.#choose(one.command) },
            el("b", {}, `/${one.command}`),
            " ",
            el("span", {}, one.description),
          ),
        ),
      ),
    );
  }

  #choose(command) {
    this.#set("");
    this.#open(false);
    this.acts.send(`/${command}`, null);
    this.focus();
  }

  #panelKey(event) {
    const buttons = [...this.#panel.querySelectorAll("button")].filter((one) => one.offsetParent);
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.#open(false);
      this.#words.focus();
    } else if (step && at + step < 0) {
      this.#words.focus();
    } else if (step) {
      event.preventDefault();
      buttons[(at + step) % buttons.length].focus();
    }
  }
}
