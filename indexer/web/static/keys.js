"use strict";
// Keys for who has both hands on them. Everything they do is also a link; they rest in fields, and can be switched off.
(() => {
  const SECTIONS = { s: "", t: "topics", a: "audit", l: "library", i: "index", c: "changes" };
  const root = document.body.dataset.root;
  const hits = Array.from(document.querySelectorAll(".hit"));
  let at = -1;
  let before = "";

  const off = () => {
    try { return localStorage.getItem("blogdex-keys") === "off"; } catch { return false; }
  };
  const go = (selector) => {
    const link = document.querySelector(selector);
    if (link) link.click();
  };
  const step = (by) => {
    if (!hits.length) return;
    if (at >= 0) hits[at].classList.remove("at");
    at = Math.min(Math.max(at + by, 0), hits.length - 1);
    hits[at].classList.add("at");
    hits[at].querySelector("a").focus();
    hits[at].scrollIntoView({ block: "nearest" });
  };
  const KEYS = {
    "/": () => { const box = document.getElementById("q"); box.focus(); box.select(); },
    "j": () => step(1),
    "k": () => step(-1),
    "[": () => go("a[rel=prev]"),
    "]": () => go("a[rel=next]"),
    "w": () => go("a[data-key=w]"),
    "?": () => { location.href = `${root}help/keys`; },
  };

  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || inField || off()) return;
    const key = event.key;
    if (before === "g" && key in SECTIONS) {
      event.preventDefault();
      location.href = root + SECTIONS[key];
    } else if (key in KEYS) {
      event.preventDefault();
      KEYS[key]();
    }
    before = key;
  });

  const narrow = document.querySelector("details.narrow");
  if (narrow && matchMedia("(min-width: 56rem)").matches) {
    narrow.open = true;
    narrow.classList.add("wide");
  }

  const watched = document.querySelector("[data-watch]");
  const watch = async () => {
    try {
      const answer = await fetch(watched.dataset.watch);
      const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && !shown.querySelector("progress")) return location.reload();
      if (answer.ok && !watched.contains(document.activeElement)) watched.replaceChildren(...shown.body.childNodes);
    } catch { /* the server rests: ask again */ }
    return setTimeout(watch, 1000);
  };
  if (watched) setTimeout(watch, 1000);

  const turn = document.getElementById("keys-off");
  if (turn) {
    turn.checked = off();
    turn.addEventListener("change", () => {
      try { localStorage.setItem("blogdex-keys", turn.checked ? "off" : "on"); } catch { /* nothing to remember it in */ }
    });
  }
})();
