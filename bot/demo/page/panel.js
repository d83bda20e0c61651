// What is the demo's and not the bot's: the clock, the lives, the colours.

import { byId, el, say, toast } from "./dom.js";
import { explained, post } from "./net.js";
import { clock, day, dayKey, demoNow, setClock, setZone, shortDay } from "./times.js";

export class Panel {
  #steps = [...document.querySelectorAll(".step")];
  #status = null;
  #told = null;
  #passing = false;

  constructor(room, goTo) {
    this.room = room;
    this.goTo = goTo;
    for (const button of this.#steps) button.disabled = true;
    for (const button of this.#steps) button.addEventListener("click", () => this.#step(button));
    setInterval(() => this.#tick(), 1000);
    showLives();
    themes();
    folding();
  }

  /** Show a status; gives whether the zone is another one now. */
  show(status) {
    this.#status = status;
    setClock(status.now);
    const moved = setZone(status.stamps);
    this.#tick();
    byId("where").textContent = place(status);
    byId("ahead").replaceChildren(...ahead(status.due).map((line) => el("span", {}, line)));
    this.#enable();
    this.#progress(status.progress);
    return moved;
  }

  get living() {
    return this.#status?.progress?.state === "running";
  }

  #tick() {
    if (!this.#status) return;
    const now = demoNow();
    const shown = byId("now");
    shown.dateTime = now.toISOString();
    const words = `${shortDay(now)}, ${clock(now)}`;
    if (shown.textContent !== words) {
      shown.textContent = words;
      shown.title = day(now);
    }
  }

  async #step(button) {
    this.#passing = true;
    this.#enable();
    button.classList.add("passing");
    try {
      await post(`${this.room()}/clock`, { to: button.dataset.step });
    } catch (error) {
      toast(explained(error));
    }
    button.classList.remove("passing");
    this.#passing = false;
    this.#enable();
    button.focus({ preventScroll: true });
  }

  #enable() {
    const { busy, due } = this.#status;
    for (const button of this.#steps) {
      const nothing = button.dataset.step === "question" && !due.question && !due.check_in;
      button.disabled = this.#passing || busy || nothing;
    }
  }

  #progress(progress) {
    const strip = byId("living");
    strip.hidden = !progress;
    if (!progress) return;
    const bar = byId("living-bar");
    const weeks = `${progress.weeks} week${progress.weeks === 1 ? "" : "s"}`;
    bar.max = progress.weeks * 7;
    bar.value = progress.state === "over" ? bar.max : Math.max(progress.day, progress.week * 7);
    bar.hidden = progress.state !== "running";
    const words = {
      running: `${progress.name} lives week ${Math.min(progress.week + 1, progress.weeks)} of ${progress.weeks}`,
      over: `${progress.name}, ${weeks} on. Go on as ${progress.name}, if you like.`,
      failed: `${progress.name}'s weeks came to a halt: the bot did not do what they count on.`,
    }[progress.state];
    byId("living-words").textContent = words;
    const told = byId("living-told");
    const { told_week: week, told_in: message } = progress;
    told.hidden = progress.state !== "over" || message === null;
    told.textContent = `A change was told in week ${week}: show it`;
    told.onclick = () => this.goTo(message);
    if (this.#told !== progress.state && progress.state !== "running" && this.#told !== null) say(words);
    this.#told = progress.state;
  }
}

function place(status) {
  if (!status.zone) return "";
  return status.place || status.zone.split("/").pop().replaceAll("_", " ");
}

function ahead(due) {
  return [
    ["question", "Next question"],
    ["check_in", "Check-in"],
  ]
    .filter(([kind]) => due[kind])
    .map(([kind, words]) => {
      const at = new Date(due[kind]);
      const today = dayKey(at) === dayKey(demoNow());
      return `${words} ${today ? "today" : shortDay(at)}, ${clock(at)}`;
    });
}

async function showLives() {
  const answer = await fetch("/lives");
  const lives = await answer.json();
  byId("lives").replaceChildren(
    ...lives.map((life) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "life", data: { life: life.id }, onclick: () => live(life) },
          el("b", {}, life.name),
          el("small", {}, `${life.weeks} weeks`),
          el("span", {}, life.about),
        ),
      ),
    ),
  );
}

async function live(life) {
  const buttons = document.querySelectorAll(".life");
  for (const button of buttons) button.disabled = true;
  try {
    const { key } = await post("/people", { life: life.id });
    location.assign(`/p/${key}`);
  } catch (error) {
    toast(explained(error));
    for (const button of buttons) button.disabled = false;
  }
}

function themes() {
  const chosen = document.documentElement.dataset.theme || "auto";
  for (const radio of document.querySelectorAll("input[name=theme]")) {
    radio.checked = radio.value === chosen;
    radio.addEventListener("change", () => {
      if (radio.value === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = radio.value;
      try {
        localStorage.setItem("theme", radio.value);
      } catch {
        // It then holds for this page only.
      }
    });
  }
}

function folding() {
  const more = byId("more");
  const open = (wanted) => {
    more.setAttribute("aria-expanded", String(wanted));
    byId("rest").classList.toggle("open", wanted);
  };
  more.addEventListener("click", () => open(more.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && byId("rest").classList.contains("open")) {
      open(false);
      more.focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!byId("demo").contains(event.target)) open(false);
  });
}
