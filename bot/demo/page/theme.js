// Runs before anything is painted, so that the page never flashes in the other colours.
(() => {
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("theme") || "auto";
  } catch {
    // Storage can be switched off; the system's colours will do.
  }
  if (chosen !== "auto") document.documentElement.dataset.theme = chosen;
})();
