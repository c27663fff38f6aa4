// Countdowns and running clocks. Each is computed from its absolute instant, so nothing drifts, and a
// tab that slept is right again at the next tick.
(() => {
  "use strict";
  const { now, tag, words } = window.fengsui;
  // A browser whose clock is wrong by more than a page load takes the server's time instead.
  const apart = now === null ? 0 : now - Date.now();
  const offset = Math.abs(apart) > 5000 ? apart : 0;
  const SOON = 15 * 60 * 1000;
  const two = (number) => String(number).padStart(2, "0");

  const digits = (length) => {
    const seconds = Math.floor(Math.abs(length) / 1000);
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor(seconds / 3600) % 24;
    const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    if (days > 0) return `${days}${words["unit.day"]} ${two(hours)}:${rest}`;
    return hours > 0 ? `${hours}:${rest}` : rest;
  };
  const spoken = (length) => {
    const seconds = Math.max(0, Math.floor(length / 1000));
    const units = [
      [Math.floor(seconds / 86400), words["unit.day"]],
      [Math.floor(seconds / 3600) % 24, words["unit.hour"]],
      [Math.floor(seconds / 60) % 60, words["unit.minute"]],
      [seconds % 60, words["unit.second"]],
    ];
    const first = units.findIndex(([count]) => count > 0);
    if (first < 0) return `0${words["unit.second"]}`;
    // Seconds beside hours would only flicker.
    const shown = units.slice(first, first + (first < 2 ? 2 : 1)).filter(([count]) => count > 0);
    return shown.map(([count, unit]) => `${count}${unit}`).join(" ");
  };
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const ago = (length) => {
    const minutes = Math.round(length / 60000);
    const far = Math.abs(minutes);
    if (far < 60) return relative.format(-minutes, "minute");
    if (far < 48 * 60) return relative.format(-Math.round(minutes / 60), "hour");
    return relative.format(-Math.round(minutes / 1440), "day");
  };
  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const tick = () => {
    const present = Date.now() + offset;
    for (const element of document.querySelectorAll("time[data-until]")) {
      const left = Date.parse(element.dataset.until) - present;
      const warn = element.dataset.warn ? Date.parse(element.dataset.warn) <= present : left < SOON;
      element.classList.toggle("late", left <= 0);
      element.classList.toggle("soon", left > 0 && warn);
      write(element, (left <= 0 ? words["unit.late"] : words["unit.left"]).replace("{}", digits(left)));
    }
    for (const element of document.querySelectorAll("time[data-since]")) {
      const stopped = element.dataset.stop ? Date.parse(element.dataset.stop) : present;
      write(element, spoken(stopped - Date.parse(element.dataset.since)));
    }
    for (const element of document.querySelectorAll("time[data-ago]")) {
      write(element, ago(present - Date.parse(element.dataset.ago)));
    }
  };
  const everySecond = () => {
    tick();
    setTimeout(everySecond, 1000 - ((Date.now() + offset) % 1000) + 5);
  };
  everySecond();

  // A live update replaces rows; whoever works by keyboard keeps their place.
  let last = null;
  document.addEventListener("focusin", (event) => {
    last = event.target.closest("[data-key]")?.dataset.key ?? null;
  });
  new MutationObserver(() => {
    tick();
    if (last === null || document.activeElement !== document.body) return;
    document.querySelector(`[data-key="${CSS.escape(last)}"]`)?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
})();
