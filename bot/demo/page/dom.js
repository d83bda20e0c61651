// Making nodes. Texts become text nodes and never markup.

export const byId = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SHAPES = {
  send: "M4 12 20 4l-5 16-3.5-6.5z",
  menu: "M14.5 5 9.5 19",
  close: "M6 6l12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
  link: "M8 16 17 7M10 7h7v7",
  lock: "M7 11h10v8H7zM9 11V8a3 3 0 0 1 6 0v3",
  bell: "M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  down: "M6 10l6 6 6-6",
};

export function icon(name) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `shape shape-${name}`);
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export const unseen = (text) => el("span", { class: "unseen" }, text);

let lastToast;

export function toast(text) {
  const place = byId("toasts");
  clearTimeout(lastToast);
  place.replaceChildren(el("p", { class: "toast" }, text));
  lastToast = setTimeout(() => place.replaceChildren(), 4000);
}

let lastSpoken;

/** Says something to whoever listens instead of looking; it does not stay on the page. */
export function say(text) {
  clearTimeout(lastSpoken);
  byId("spoken").textContent = text;
  lastSpoken = setTimeout(() => byId("spoken").replaceChildren(), 1500);
}
