// Single keys: those that the page declares, and those that every list has; `?` tells them.
(() => {
  "use strict";
  const { words } = window.fengsui;
  const COOKIE = "fengsui_keys";
  const on = () => !document.cookie.split("; ").includes(`${COOKIE}=off`);
  const set = (wanted) => {
    const age = wanted ? 0 : 365 * 24 * 3600;
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${COOKIE}=off; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  };
  const typing = (target) =>
    target.isContentEditable || /^(textarea|select)$/i.test(target.tagName) ||
    (/^input$/i.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type));
  const declared = () => [...document.querySelectorAll("[data-keys]")].flatMap((place) =>
    JSON.parse(place.dataset.keys).map((shortcut) => ({ ...shortcut, place })));

  // Lists.
  const rows = () => [...document.querySelectorAll("[data-listing] [data-row]")];
  const current = () => document.activeElement?.closest?.("[data-row]") ?? null;
  const move = (by) => {
    const all = rows();
    if (all.length === 0) return;
    const place = all.indexOf(current());
    const next = place < 0 ? (by > 0 ? 0 : all.length - 1) : place + by;
    const row = all[Math.max(0, Math.min(all.length - 1, next))];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const tick = (row) => row?.querySelector("input[type=checkbox][data-select]");
  const extend = (by) => {
    const box = tick(current());
    if (box && !box.checked) box.click();
    move(by);
    const next = tick(current());
    if (next && !next.checked) next.click();
  };
  const listing = {
    j: () => move(1),
    k: () => move(-1),
    J: () => extend(1),
    K: () => extend(-1),
    x: () => tick(current())?.click(),
    "/": () => document.querySelector("[data-sieve] input[type=search]")?.focus(),
    Enter: () => {
      if (document.activeElement === current()) current()?.querySelector("a[data-open]")?.click();
    },
  };

  // Shift and a click take every row from the one ticked before.
  let ticked = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("input[data-select]");
    if (!box) return;
    const all = rows();
    const here = all.indexOf(box.closest("[data-row]"));
    const before = all.findIndex((row) => row.dataset.row === ticked);
    ticked = box.closest("[data-row]").dataset.row;
    if (!event.shiftKey || before < 0) return;
    for (const row of all.slice(Math.min(here, before), Math.max(here, before) + 1)) {
      const other = tick(row);
      if (other && other !== box && other.checked !== box.checked) other.click();
    }
  });

  // `g` and a letter lead to a place, if the menu has it.
  const PLACES = {
    q: "queue", r: "review", p: "posts", s: "statements", b: "board", c: "coverage", h: "history",
  };
  const entry = (letter) => document.querySelector(`.menu a.at-${PLACES[letter]}`);
  let going = -Infinity;

  // What is done to a selection is done to the row at hand where nothing is selected.
  const press = (key) => {
    const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const bulk = button?.closest(".chosen");
    if (bulk && !document.querySelector("[data-row] [data-select]:checked")) {
      const box = tick(current());
      if (!box) return;
      box.click();
    }
    button?.click();
  };

  const help = () => {
    document.querySelector("dialog.keys")?.remove();
    const dialog = document.createElement("dialog");
    dialog.className = "keys panel ask";
    dialog.setAttribute("aria-labelledby", "keys-title");
    const add = (parent, tag, text) => {
      const element = document.createElement(tag);
      if (text !== undefined) element.textContent = text;
      parent.append(element);
      return element;
    };
    add(dialog, "h2", words["keys.title"]).id = "keys-title";
    const table = add(dialog, "table");
    table.className = "figures";
    const told = declared().map(({ key, label }) => [key, label]);
    if (rows().length > 0) {
      told.push(["j", words["keys.next"]], ["k", words["keys.previous"]]);
      told.push(["Enter", words["keys.open"]]);
      if (document.querySelector("[data-row] [data-select]")) {
        told.push(["x", words["keys.select"]], ["J K", words["keys.extend"]]);
      }
    }
    if (document.querySelector("[data-sieve] input[type=search]")) {
      told.push(["/", words["keys.search"]]);
    }
    for (const letter of Object.keys(PLACES)) {
      if (entry(letter)) told.push([`g ${letter}`, entry(letter).textContent]);
    }
    told.push(["?", words["keys.help"]]);
    for (const [key, label] of told) {
      const row = add(table, "tr");
      add(add(row, "th"), "kbd", key);
      add(row, "td", label);
    }
    const line = add(dialog, "label");
    const box = add(line, "input");
    box.type = "checkbox";
    box.checked = on();
    box.addEventListener("change", () => set(box.checked));
    add(line, "span", ` ${words["keys.single"]}`);
    const close = add(dialog, "button", words["keys.close"]);
    close.className = "act";
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-help]")) help();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.defaultPrevented || typing(event.target)) return;
    if (document.querySelector("dialog[open], .q-dialog__inner")) return;
    if (event.key === "Enter" && event.target.matches("[data-row]")) {
      event.preventDefault();
      listing.Enter();
      return;
    }
    // With single keys off the list of them is still reached by its button in the bar.
    if (!on()) return;
    if (event.key === "?") { event.preventDefault(); help(); return; }
    if (event.timeStamp - going < 1500 && entry(event.key)) {
      event.preventDefault();
      going = -Infinity;
      entry(event.key).click();
      return;
    }
    going = event.key === "g" ? event.timeStamp : -Infinity;
    const shortcut = declared().find(({ key }) => key === event.key);
    if (shortcut) {
      event.preventDefault();
      if (shortcut.press) press(shortcut.press);
      else shortcut.place.dispatchEvent(new CustomEvent("shortcut", { detail: shortcut.key }));
    } else if (event.key in listing && event.key !== "Enter" && (rows().length > 0 || event.key === "/")) {
      event.preventDefault();
      listing[event.key]();
    }
  });
})();
