// The frame: the connection strip, toasts that survive a change of page, the menu's memory.
(() => {
  "use strict";
  const { words } = window.fengsui;
  const make = (tag, attributes, text) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text) element.textContent = text;
    return element;
  };

  // Both live outside of what the toolkit draws, so that no update takes them away.
  const strip = make("div", { class: "strip", role: "status", "aria-live": "polite" });
  const stale = make("div", { class: "strip strip-stale", role: "status", "aria-live": "polite" });
  const notes = make("div", { class: "toasts notes", role: "status", "aria-live": "polite" });
  const say = (bar, text) => {
    bar.textContent = text;
    bar.classList.toggle("shown", text !== "");
  };
  // The page as plain HTML goes in the frame in which the toolkit has drawn the living one.
  new MutationObserver((_, observer) => {
    document.getElementById("first-paint")?.remove();
    observer.disconnect();
  }).observe(document.getElementById("app"), { childList: true });

  window.fengsui.stale = (text) => say(stale, text);
  window.fengsui.connected = () => Boolean(window.socket?.connected && window.did_handshake);

  let lost = false;
  const watch = () => {
    if (!window.socket) return setTimeout(watch, 50);
    window.socket.on("disconnect", () => {
      lost = true;
      strip.classList.remove("strip-back");
      say(strip, words["connection.lost"]);
    });
    window.socket.on("connect", () => {
      if (!lost) return;
      lost = false;
      strip.classList.add("strip-back");
      say(strip, words["connection.back"]);
      document.dispatchEvent(new CustomEvent("fengsui:back"));
      setTimeout(() => { if (!lost) say(strip, ""); }, 4000);
    });
    return undefined;
  };

  const note = (text) => {
    const shown = make("div", { class: "toast" }, text);
    notes.append(shown);
    setTimeout(() => shown.remove(), 6000);
  };
  window.fengsui.note = note;
  window.fengsui.go = (address, said) => {
    if (said) sessionStorage.setItem("fengsui:said", said);
    // Only ever within the console, wherever the address came from.
    const target = new URL(address, window.location.origin);
    if (target.origin === window.location.origin) window.location.assign(target.href);
  };
  window.fengsui.address = (query) => {
    history.replaceState(history.state, "", window.location.pathname + query);
  };
  window.fengsui.unfold = (button) => {
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  };
  window.fengsui.scroll = (id) => document.getElementById(id)?.scrollIntoView({ block: "nearest" });

  const remembered = () => JSON.parse(localStorage.getItem("fengsui:menu") ?? "{}");
  const menu = () => {
    const open = remembered();
    for (const group of document.querySelectorAll(".menu details[data-section]")) {
      if (group.dataset.known) continue;
      group.dataset.known = "yes";
      const here = group.querySelector("[aria-current]") !== null;
      if (!here && group.dataset.section in open) group.open = open[group.dataset.section];
      // Only what somebody chose is remembered: `toggle` also tells of what the page opened itself.
      group.querySelector("summary").addEventListener("click", () => setTimeout(() => {
        const present = remembered();
        present[group.dataset.section] = group.open;
        localStorage.setItem("fengsui:menu", JSON.stringify(present));
      }, 0));
      group.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    }
  };
  new MutationObserver(menu).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    const skip = event.target.closest?.("[data-skip]");
    if (!skip) return;
    event.preventDefault();
    document.getElementById("main")?.focus();
  });

  // Countdowns of toasts that can be undone: the bar runs, the server ends it.
  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(strip, stale, notes);
    const said = sessionStorage.getItem("fengsui:said");
    sessionStorage.removeItem("fengsui:said");
    if (said) setTimeout(() => note(said), 0);
    menu();
    watch();
  });
})();

// Colours of the theme for charts, which are drawn on a canvas and know no style sheet.
window.fengsui.font = () => getComputedStyle(document.body).fontFamily;
window.fengsui.colour = (name) =>
  getComputedStyle(document.body).getPropertyValue(`--${name}`).trim() || "#808080";
