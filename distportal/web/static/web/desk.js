// Keys of the desk. Everything they do has a link or a button of its own; a person may switch them off on a device.
(() => {
  const off = "desk-keys-off";
  const help = document.getElementById("keys");
  const rows = [...document.querySelectorAll("tr[data-row]")];
  let at = -1;

  document.querySelectorAll("[data-keys-help]").forEach((button) => {
    button.hidden = !help;
    button.addEventListener("click", () => help.showModal());
  });
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = !localStorage.getItem(off);
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1")));
  }

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

  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    x: () => rows[at]?.querySelector("input[name=pick]")?.click(),
    c: () => (rows[at]?.querySelector("[data-claim]") ?? (rows.length ? null : document.querySelector("[data-claim]")))?.click(),
    n: () => document.querySelector("[data-key-button=n]")?.click(),
    e: () => document.querySelector("main .fix, main [data-edit]")?.focus(),
    r: () => (document.querySelector("main [data-resubmit]") ?? document.querySelector("main [data-try]") ?? document.querySelector("main form[action*='/act/'] :is(input[name=reason], .btn.primary)"))?.focus(),
    m: () => document.querySelector("main textarea[name=text]")?.focus(),
    ".": () => copyLink(),
    "?": () => help?.showModal(),
  };

  function copyLink() {
    const link = rows[at]?.querySelector("a")?.href ?? location.href;
    navigator.clipboard?.writeText(link);
  }

  // A suggestion fills its field; without this script its button tries the value dry.
  document.querySelectorAll("[data-fill]").forEach((button) => button.addEventListener("click", (event) => {
    const field = document.getElementById(button.dataset.fill);
    if (!field) return;
    event.preventDefault();
    field.value = button.dataset.value;
    field.focus();
  }));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    if (localStorage.getItem(off) && event.key !== "?") return;
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
})();
