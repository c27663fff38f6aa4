// Forms: all values are sent at once; what is typed is kept as a draft until the server has it.
(() => {
  "use strict";
  const { owner, words } = window.fengsui;
  const KEPT_MS = 7 * 24 * 3600 * 1000;
  const WAIT_MS = 35000;
  const name = (key) => `fengsui:draft:${owner}:${key}`;
  const fields = (form) => [...form.elements].filter((field) => field.name);

  const valueOf = (field) => {
    if (field.type === "checkbox") return field.checked;
    if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
    return field.value;
  };
  const collect = (form) => {
    const values = {};
    for (const field of fields(form)) {
      if (field.dataset.many !== undefined) {
        values[field.name] ??= [];
        if (field.checked) values[field.name].push(field.value);
      } else values[field.name] = valueOf(field);
    }
    return values;
  };
  const put = (field, value) => {
    if (field.type === "checkbox") {
      field.checked = Array.isArray(value) ? value.includes(field.value) : Boolean(value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = value.includes(option.value);
    } else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Drafts. The key names the form or box; passwords and secrets are never kept.
  const read = (key) => {
    try {
      const kept = JSON.parse(localStorage.getItem(name(key)));
      return kept && Date.now() - kept.at < KEPT_MS ? kept : null;
    } catch { return null; }
  };
  const forget = (key) => localStorage.removeItem(name(key));
  // What a box held was sent: it goes, unless somebody has typed on meanwhile.
  window.fengsui.forget = (key) => {
    const kept = read(key);
    for (const box of document.querySelectorAll(`[data-draft="${CSS.escape(key)}"]`)) {
      if (!(box instanceof HTMLFormElement) && kept?.values[""] === box.value) put(box, "");
    }
    forget(key);
  };
  const secret = (field) => field.type === "password" || field.dataset.secret !== undefined;
  const keep = (holder) => {
    const values = holder instanceof HTMLFormElement
      ? Object.fromEntries(Object.entries(collect(holder)).filter(
          ([path]) => !fields(holder).some((field) => field.name === path && secret(field))))
      : { "": holder.value };
    try {
      localStorage.setItem(name(holder.dataset.draft), JSON.stringify({ at: Date.now(), values }));
    } catch { /* a full or forbidden store loses the draft, not the page */ }
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const restore = (holder) => {
    const kept = read(holder.dataset.draft);
    if (kept === null || holder.dataset.restored) return;
    holder.dataset.restored = "yes";
    if (!(holder instanceof HTMLFormElement)) {
      const text = kept.values[""] ?? "";
      if (text && holder.value !== text) put(holder, text);
      return;
    }
    const present = collect(holder);
    const differing = Object.keys(kept.values).filter(
      (path) => path in present && !same(kept.values[path], present[path]));
    if (differing.length === 0) return;
    for (const field of fields(holder)) {
      if (differing.includes(field.name)) put(field, kept.values[field.name]);
    }
    const line = holder.querySelector(":scope > .restored");
    if (line === null) return;
    line.hidden = false;
    line.querySelector("span").textContent = words["draft.restored"]
      .replace("{}", new Date(kept.at).toLocaleString(window.fengsui.tag));
    line.querySelector("button").onclick = () => {
      for (const field of fields(holder)) {
        if (differing.includes(field.name)) put(field, present[field.name]);
      }
      forget(holder.dataset.draft);
      line.hidden = true;
    };
  };
  document.addEventListener("input", (event) => {
    const holder = event.target.closest?.("[data-draft]");
    if (holder) keep(holder);
  });

  const release = (form) => {
    form.removeAttribute("aria-busy");
    clearTimeout(form.fengsuiWait);
    for (const pressed of form.querySelectorAll("button[type=submit]")) pressed.disabled = false;
  };
  // Answers the values, or null: a form that is under way is not sent again, and one without a
  // connection is not sent at all, so that nobody takes it for done.
  window.fengsui.send = (form) => {
    if (form.getAttribute("aria-busy") === "true") return null;
    if (!window.fengsui.connected()) {
      window.fengsui.note(words["connection.unsent"]);
      return null;
    }
    form.setAttribute("aria-busy", "true");
    for (const pressed of form.querySelectorAll("button[type=submit]")) pressed.disabled = true;
    form.fengsuiWait = setTimeout(() => release(form), WAIT_MS);
    return collect(form);
  };
  const formOf = (key) => document.querySelector(`form[data-form="${CSS.escape(key)}"]`);
  window.fengsui.answered = (key, saved, field) => {
    if (saved) forget(key);
    const form = formOf(key);
    if (!form) return;
    release(form);
    if (saved) form.dataset.restored = "yes";
    if (field) {
      const refused = fields(form).find((item) => item.name === field);
      (refused ?? form).scrollIntoView({ block: "nearest" });
      refused?.focus();
    }
  };
  window.fengsui.fill = (key, values) => {
    const form = formOf(key);
    if (!form) return;
    for (const field of fields(form)) if (field.name in values) put(field, values[field.name]);
  };
  window.fengsui.collect = collect;
  document.addEventListener("fengsui:back", () => {
    for (const form of document.querySelectorAll('form[aria-busy="true"]')) release(form);
  });

  // Choices that fold away: they tell how many are ticked, and close on Escape or a press elsewhere.
  document.addEventListener("change", (event) => {
    const choose = event.target.closest?.("[data-choose]");
    if (!choose) return;
    const ticked = choose.querySelectorAll("input:checked").length;
    const summary = choose.querySelector("summary");
    summary.textContent = ticked ? `${summary.dataset.label} · ${ticked}` : summary.dataset.label;
  });
  const fold = (except) => {
    for (const choose of document.querySelectorAll("[data-choose][open]")) {
      if (choose !== except) choose.open = false;
    }
  };
  document.addEventListener("click", (event) => fold(event.target.closest?.("[data-choose]")));
  document.addEventListener("keydown", (event) => {
    const choose = event.target.closest?.("[data-choose][open]");
    if (event.key !== "Escape" || !choose) return;
    choose.open = false;
    choose.querySelector("summary").focus();
  });

  const restoreAll = () => {
    for (const holder of document.querySelectorAll("[data-draft]")) restore(holder);
  };
  new MutationObserver(restoreAll).observe(document.documentElement, { childList: true, subtree: true });
})();
