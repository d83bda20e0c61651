// The small menu of one message: reply, edit, copy, delete.

import { byId, el } from "./dom.js";

export class Handle {
  #node = null;
  #owner = null;

  /** @param acts reply(message), edit(message), copy(text), remove(message) */
  constructor(acts) {
    this.acts = acts;
    document.addEventListener("pointerdown", (event) => {
      if (this.#node && !this.#node.contains(event.target) && event.target !== this.#owner) this.close();
    });
    byId("log").addEventListener("scroll", () => this.close());
  }

  open(message, owner) {
    const again = this.#owner === owner;
    this.close();
    if (again) return;
    const item = (label, run) =>
      el(
        "button",
        {
          type: "button",
          role: "menuitem",
          tabindex: "-1",
          onclick: () => {
            this.close();
            run();
          },
        },
        label,
      );
    const copyable = message.text && !message.protected;
    const editable = !message.from_bot && message.kind === "text";
    this.#owner = owner;
    this.#node = el(
      "div",
      { class: "handle-menu", role: "menu", "aria-label": "This message", onkeydown: (event) => this.#key(event) },
      item("Reply", () => this.acts.reply(message)),
      editable ? item("Edit", () => this.acts.edit(message)) : null,
      copyable ? item("Copy", () => this.acts.copy(message.text)) : null,
      item("Delete", () => this.acts.remove(message)),
    );
    document.body.append(this.#node);
    this.#place();
    owner.setAttribute("aria-expanded", "true");
    this.#items()[0].focus();
  }

  close() {
    if (!this.#node) return;
    const back = this.#node.contains(document.activeElement);
    this.#node.remove();
    this.#node = null;
    this.#owner.removeAttribute("aria-expanded");
    if (back) this.#owner.focus();
    this.#owner = null;
  }

  #items() {
    return [...this.#node.querySelectorAll("[role=menuitem]")];
  }

  #place() {
    const near = this.#owner.getBoundingClientRect();
    const box = this.#node.getBoundingClientRect();
    const left = Math.max(8, Math.min(near.right - box.width, innerWidth - box.width - 8));
    const below = near.bottom + 4 + box.height < innerHeight - 8;
    this.#node.style.left = `${left}px`;
    this.#node.style.top = `${below ? near.bottom + 4 : near.top - box.height - 4}px`;
  }

  #key(event) {
    const items = this.#items();
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length].focus();
    }
  }
}
