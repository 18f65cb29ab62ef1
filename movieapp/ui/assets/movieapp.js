// What the pages do without the server: names for what has none, quicker rules of style, arrow keys in suggestions and
// stars, and links while the connection is lost.
"use strict";

// A busy app answers late, and a page that is being left is cut off at once: only after so long it is said.
const LOST_MS = 5000;
let losing = null;
const isLost = () => document.getElementById("popup")?.ariaHidden === "false";
const sayLost = () => (document.documentElement.dataset.lost = "");
const whileLost = () => {
  clearTimeout(losing);
  if (isLost()) losing = setTimeout(sayLost, LOST_MS);
  else delete document.documentElement.dataset.lost;
};

// What others draw, as it is to be read out: that the connection is lost, the options of a field, and what is chosen.
addEventListener("DOMContentLoaded", () => {
  const popup = document.getElementById("popup");
  popup.role = "alert";
  document.body.prepend(popup);
  new MutationObserver(whileLost).observe(popup, { attributeFilter: ["aria-hidden"] });
  new MutationObserver(() => {
    for (const cross of document.querySelectorAll(".q-chip__icon--remove")) {
      // The next name moves into a chip whose own was taken off.
      const name = `Remove ${cross.closest(".q-chip").querySelector(".ellipsis")?.textContent}`;
      if (cross.ariaLabel !== name) cross.ariaLabel = name;
    }
    for (const menu of document.querySelectorAll(".q-menu[role='listbox']")) {
      const portal = menu.closest("[id^='q-portal']");
      if (portal.role) continue;
      portal.role = "region";
      portal.ariaLabel = "Options";
      for (const part of menu.querySelectorAll(".q-virtual-scroll__content, .q-virtual-scroll__padding")) {
        part.removeAttribute("tabindex");
        part.role = "presentation";
      }
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
});

// Quasar sets apart whatever follows anything in some of its parts: with such rules Chromium works out the style of a
// whole list anew whenever a film comes or goes. They hold for what stands there, by its name; no page has a clock.
const NAMED = {
  ".q-field__marginal > * + *": ".q-field__marginal > .q-icon + .q-icon",
  ".q-field__messages > div + div": ".q-field__messages > [role=alert] + [role=alert]",
  ".q-time__header-label > div + div": ".q-time__header-label > .q-time__link + .q-time__link",
};
const naming = (rules) => {
  for (const rule of rules) {
    const text = rule.selectorText;
    const any = text && Object.keys(NAMED).find((ending) => text.endsWith(ending));
    if (any) rule.selectorText = text.replace(any, NAMED[any]);
    else if (!text) naming(rule.styleSheet?.cssRules ?? rule.cssRules ?? []);
  }
};
// NiceGUI's page brings in the rules of its libraries by a style sheet within it.
for (const sheet of document.styleSheets) if (!sheet.href) naming(sheet.cssRules);

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
  const isTyping = event.target.closest?.("input:not([type=radio]), textarea, select, [contenteditable]");
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
      sayLost();
      document.getElementById("popup").animate([{ transform: "none" }, { transform: "translateY(-6px)" }, { transform: "none" }], 300);
    }
  },
  true,
);

// Stars: a click or a tap counts at once; what arrow keys choose counts at Enter or Space, or when it is left, and is
// given up at Escape and for what else is done with the film.
const INSTEAD = /^(Escape|[whm])$/i;
let moved = null;
let chosen = null;
let before = null;

const settle = () => {
  const star = chosen;
  chosen = null;
  if (star?.isConnected) star.closest(".stars").dispatchEvent(new CustomEvent("rated", { detail: star.value }));
};

const giveUp = () => {
  if (before) before.checked = true;
  else chosen.checked = false;
  chosen = null;
};

document.addEventListener("keydown", (event) => {
  moved = event.key.startsWith("Arrow") ? event.target.closest?.(".stars") : null;
  if (moved && !chosen) before = moved.querySelector("input:checked");
  if (chosen && INSTEAD.test(event.key)) giveUp();
  if ((event.key === "Enter" || event.key === " ") && event.target.closest?.(".stars")) settle();
});
// Whatever is given, by a number or the pointer, is given instead.
document.addEventListener("rated", () => (chosen = null), true);
document.addEventListener(
  "pointerdown",
  (event) => {
    moved = null;
    if (chosen?.closest(".stars") === event.target.closest?.(".stars")) chosen = null;
  },
  true,
);
addEventListener("pagehide", settle);
// The second click of a double one meets the film that came instead of the first.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest?.(".stars label")) event.preventDefault();
});

// Stars under a pointer that rests, or that presses, are told before they are given: what they would change is worked
// out meanwhile.
const POINT_MS = 50;
let pointing = null;
const point = (star) => {
  star.closest(".stars")?.dispatchEvent(new CustomEvent("pointed", { detail: star.previousElementSibling.value }));
};
document.addEventListener("pointerover", (event) => {
  clearTimeout(pointing);
  const star = event.pointerType === "mouse" && event.target.closest?.(".stars label");
  if (star) pointing = setTimeout(point, POINT_MS, star);
});
document.addEventListener("pointerdown", (event) => {
  clearTimeout(pointing);
  const star = event.isPrimary && event.button === 0 && event.target.closest?.(".stars label");
  if (star) point(star);
});

document.addEventListener("focusout", (event) => {
  const stars = event.target.closest?.(".stars");
  if (stars && !stars.contains(event.relatedTarget)) settle();
});
document.addEventListener("change", (event) => {
  const stars = event.target.closest?.(".stars");
  if (!stars) return;
  chosen = event.target;
  if (moved !== stars) settle();
});
