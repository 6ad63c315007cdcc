// Keys of the desk, beside those of every page (portal.js). Everything they do has a link or a button of its own.
(() => {
  const rows = [...document.querySelectorAll("tr[data-row]")];
  let at = -1;

  function go(to) {
    if (!rows.length) return;
    rows[at]?.classList.remove("here");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("here");
    rows[at].querySelector("a").focus();
  }
  // Tab and the mouse move the place, too.
  rows.forEach((row, place) => row.addEventListener("focusin", () => {
    rows[at]?.classList.remove("here");
    at = place;
    row.classList.add("here");
  }));

  window.pageKeys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    x: () => rows[at]?.querySelector("input[name=pick]")?.click(),
    c: () => (rows[at]?.querySelector("[data-claim]") ?? (rows.length ? null : document.querySelector("[data-claim]")))?.click(),
    n: () => document.querySelector("[data-key-button=n]")?.click(),
    e: () => document.querySelector("main .fix")?.focus(),
    r: () => (document.querySelector("main [data-resubmit]") ?? document.querySelector("main [data-try]") ?? document.querySelector("main form[action*='/act/'] :is(input[name=reason], .btn.primary)"))?.focus(),
    m: () => document.querySelector("main form[action$='/comment/'] textarea[name=text]")?.focus(),
    ".": () => copyLink(),
  };

  function copyLink() {
    const link = rows[at]?.querySelector("a")?.href ?? location.href;
    const { copied, link: bare } = document.querySelector("[data-copied]").dataset;
    // A browser that does not let us copy shows the link to be copied by hand.
    if (navigator.clipboard) navigator.clipboard.writeText(link).then(() => say(`${copied} ${link}`, "info"), () => say(`${bare} ${link}`, "info"));
    else say(`${bare} ${link}`, "info");
  }

  // Without a connection what was typed stays, and nothing is sent.
  const strip = document.querySelector("[data-offline]");
  function connected() {
    strip.hidden = navigator.onLine;
    document.querySelectorAll("main form[method=post] button").forEach((button) => { button.disabled = !navigator.onLine; });
  }
  if (strip) {
    addEventListener("offline", connected);
    addEventListener("online", connected);
  }

  // A suggestion fills its field; without this script its button tries the value dry.
  document.querySelectorAll("[data-fill]").forEach((button) => button.addEventListener("click", (event) => {
    const field = document.getElementById(button.dataset.fill);
    if (!field) return;
    event.preventDefault();
    field.value = button.dataset.value;
    field.focus();
  }));
})();
