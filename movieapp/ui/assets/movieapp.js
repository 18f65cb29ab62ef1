// What the pages do without the server: arrow keys in suggestions, and links while the connection is lost.
"use strict";

const isLost = () => document.getElementById("popup")?.ariaHidden === "false";

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".suggest");
  if (!box) return;
  const items = [...box.querySelectorAll(".suggest-item")];
  const at = items.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && items.length) {
    event.preventDefault();
    items[Math.min(at + 1, items.length - 1)].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    event.preventDefault();
    (at === 0 ? box.querySelector("input") : items[at - 1]).focus();
  } else if (event.key === "Escape") {
    document.activeElement.blur();
  }
});

// "/" goes to the search field, as in many film and code sites.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = document.querySelector(".header-search input");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
});

// A link followed while the server is away would leave a blank page; the notice stays instead.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && isLost() && link.origin === location.origin && !link.getAttribute("href").startsWith("#")) {
      event.preventDefault();
      event.stopPropagation();
      document.getElementById("popup").animate([{ transform: "none" }, { transform: "translateY(-6px)" }, { transform: "none" }], 300);
    }
  },
  true,
);
