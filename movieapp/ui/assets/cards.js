// Cards: keys that go from film to film and tell something of one, and calm changes of a list.
"use strict";

const CARD = "[data-film], .top";
const cardOf = (node) => node?.closest?.(CARD);
const linkOf = (card) => card?.querySelector(".card-link, .top-name, .rated-name");
const shownCards = () => [...document.querySelectorAll(CARD)].filter((card) => card.offsetParent);

// The nearest card in the direction of an arrow key; the next one of the same list for left and right.
const neighbour = (card, key) => {
  const from = card.getBoundingClientRect();
  const others = shownCards().filter((other) => other !== card && linkOf(other));
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const row = others.concat(card).filter((other) => other.parentElement === card.parentElement);
    row.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    return row[row.indexOf(card) + (key === "ArrowRight" ? 1 : -1)];
  }
  const isThere = (box) => (key === "ArrowDown" ? box.top >= from.bottom - 8 : box.bottom <= from.top + 8);
  const distance = (box) => Math.abs(box.top - from.top) * 3 + Math.abs(box.left - from.left);
  const there = others.map((other) => [other, other.getBoundingClientRect()]).filter(([, box]) => isThere(box));
  return there.sort((one, other) => distance(one[1]) - distance(other[1]))[0]?.[0];
};

// The first film in view, for arrow keys that nothing has: not while something is open over the page.
const OPEN = "dialog[open], .q-dialog, .q-menu, .nav-more[open]";
const firstInView = () => {
  const hasKeyboard = document.activeElement;
  if ((hasKeyboard !== document.body && !hasKeyboard?.matches(".main")) || document.querySelector(OPEN)) return null;
  const top = document.querySelector(".header")?.getBoundingClientRect().bottom ?? 0;
  return shownCards().find((card) => {
    const box = card.getBoundingClientRect();
    // A row can be scrolled sideways: what it hides is not in view.
    const row = card.parentElement.getBoundingClientRect();
    const middle = (box.left + box.right) / 2;
    return linkOf(card) && box.bottom > top && box.top < innerHeight && middle > row.left && middle < row.right;
  });
};

const tell = (card, key) => {
  if (/^[1-5]$/.test(key)) {
    card.querySelector(".stars")?.dispatchEvent(new CustomEvent("rated", { detail: key }));
    return Boolean(card.querySelector(".stars"));
  }
  const button = card.querySelector(`[data-do="${{ w: "watchlist", h: "hide", m: "menu" }[key.toLowerCase()]}"]`);
  button?.click();
  return Boolean(button);
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input:not([type=radio]), textarea, select, [contenteditable], .q-dialog, dialog")) return;
  // Arrow keys choose among the stars.
  if (event.target.closest?.(".stars") && event.key.startsWith("Arrow")) return;
  const card = cardOf(event.target);
  let isDone = false;
  if (event.key === "?") {
    document.querySelector(".shortcuts")?.showModal();
    isDone = true;
  } else if (event.key.toLowerCase() === "u") {
    const undo = document.querySelector(".told-undo");
    undo?.click();
    isDone = Boolean(undo);
  } else if (event.key.startsWith("Arrow")) {
    const next = linkOf(card ? neighbour(card, event.key) : event.shiftKey ? null : firstInView());
    next?.focus();
    isDone = Boolean(next);
  } else if (card && event.key.length === 1) {
    isDone = tell(card, event.key);
  }
  if (isDone) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-help]")) document.querySelector(".shortcuts")?.showModal();
  for (const menu of document.querySelectorAll(".nav-more[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".nav-more[open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});

// A changed list: films that stay glide to their new places, new ones fade in, and the keyboard keeps its place.
const MOVE_MS = 280;
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
let places = new Map();
let last = null;

const measured = () => {
  const found = new Map();
  for (const card of document.querySelectorAll("[data-film]")) {
    const box = card.getBoundingClientRect();
    if (!found.has(card.dataset.film)) found.set(card.dataset.film, { card, x: box.left + scrollX, y: box.top + scrollY });
  }
  return found;
};

const glide = (before, now) => {
  for (const [film, { card, x, y }] of now) {
    const old = before.get(film);
    const options = { duration: MOVE_MS, easing: "cubic-bezier(0.2, 0, 0.1, 1)" };
    if (!old) card.animate([{ opacity: 0 }, { opacity: 1 }], options);
    else if (Math.abs(old.x - x) + Math.abs(old.y - y) > 1)
      card.animate([{ transform: `translate(${old.x - x}px, ${old.y - y}px)` }, { transform: "none" }], options);
  }
};

// A card that goes, and one that is moved, lets the focus go.
const keepFocus = () => {
  if (!last || document.activeElement !== document.body) return;
  const cards = shownCards();
  const same = cards.find((card) => last.film && card.dataset.film === last.film);
  linkOf(same ?? cards[Math.min(last.at, cards.length - 1)])?.focus({ preventScroll: true });
};

// Once a frame and not at every change: each look makes the browser lay the page out.
const look = () => {
  const now = isCalm.matches ? new Map() : measured();
  const isOther = [...places.keys()].join() !== [...now.keys()].join();
  const isSameList = [...now.keys()].some((film) => places.has(film));
  if (isOther && isSameList) glide(places, now);
  places = now;
  keepFocus();
};
let isWaiting = false;
const later = () => {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    look();
  });
};

document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  later();
});
addEventListener("resize", later);
document.addEventListener("scroll", later, { capture: true, passive: true });
document.addEventListener("load", later, true);
document.addEventListener("focusin", (event) => {
  const card = cardOf(event.target);
  // A menu that is open belongs to the card that opened it.
  if (event.target.closest?.(".q-dialog")) return;
  last = card ? { film: card.dataset.film, at: shownCards().indexOf(card) } : null;
});
// Who clicks beside all cards has left them.
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest?.(`${CARD}, .told, .q-dialog`)) last = null;
});
