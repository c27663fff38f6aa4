// Unacknowledged incidents of the gravest tier, as `data-alarm` lists them: their number in the title,
// and a sound for a new one. Browsers allow a sound only after somebody has touched the page.
(() => {
  "use strict";
  const KNOWN = "fengsui:alarms";
  const COOKIE = "fengsui_sound";
  let context = null;
  let last = "";

  const wanted = () => document.cookie.split("; ").includes(`${COOKIE}=on`);
  const remember = (on) => {
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    const age = on ? 365 * 24 * 3600 : 0;
    document.cookie = `${COOKIE}=on; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  };
  const show = () => {
    for (const place of document.querySelectorAll("[data-sound]")) {
      const said = JSON.parse(place.dataset.said);
      const state = !wanted() ? "off" : context?.state === "running" ? "on" : "waiting";
      const text = place.firstElementChild ?? place;
      if (text.textContent !== said[state]) text.textContent = said[state];
      if (place.getAttribute("aria-pressed") !== String(wanted())) {
        place.setAttribute("aria-pressed", String(wanted()));
      }
    }
  };
  const wake = () => {
    if (!wanted() || context?.state === "running") return;
    context ??= new AudioContext();
    context.resume().then(show, () => {});
  };
  const beep = () => {
    if (!wanted() || context?.state !== "running") return;
    for (const [place, pitch] of [880, 660, 880].entries()) {
      const begin = context.currentTime + place * 0.22;
      const tone = context.createOscillator();
      const loud = context.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, begin);
      loud.gain.exponentialRampToValueAtTime(0.25, begin + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, begin + 0.2);
      tone.connect(loud).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + 0.21);
    }
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-sound]")) return;
    remember(!wanted());
    wake();
    show();
    if (wanted()) context?.resume().then(beep, () => {});
  });
  document.addEventListener("pointerdown", wake, true);
  document.addEventListener("keydown", wake, true);

  const look = () => {
    const place = document.querySelector("[data-alarm]");
    if (!place) return;
    show();
    const badge = (count) => {
      const bare = document.title.replace(/^\(\d+\) /, "");
      const title = count > 0 ? `(${count}) ${bare}` : bare;
      if (document.title !== title) document.title = title;
    };
    const ids = JSON.parse(place.dataset.alarm);
    badge(ids.length);
    if (place.dataset.alarm === last) return;
    last = place.dataset.alarm;
    // What this tab has seen stays seen when the page is opened anew.
    const known = JSON.parse(sessionStorage.getItem(KNOWN) ?? "null");
    sessionStorage.setItem(KNOWN, last);
    if (known !== null && ids.some((id) => !known.includes(id))) beep();
  };
  new MutationObserver(look).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-alarm"],
  });
})();
