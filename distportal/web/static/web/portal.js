// Conveniences only: every page can be read and every form sent without them.
// Keys: a page names them on what they follow, `data-keys="g o"`; a page's script says in `window.pageKeys` what others do.
const help = document.getElementById("keys");
let before = "";
let beforeAt = 0;

function showKeys() {
  const list = help.querySelector("[data-here]");
  const rows = [...document.querySelectorAll("[data-keys]")].map((target) => {
    const row = document.createElement("div");
    const name = document.createElement("dt");
    const does = document.createElement("dd");
    for (const key of target.dataset.keys.split(" ")) {
      const shown = document.createElement("kbd");
      shown.textContent = key;
      name.append(shown, " ");
    }
    does.textContent = target.getAttribute("aria-label") ?? (target.querySelector("span") ?? target).textContent.trim();
    row.append(name, does);
    return row;
  });
  list.replaceChildren(...rows);
  list.hidden = !rows.length;
  help.querySelectorAll("[data-needs]").forEach((row) => { row.hidden = !document.querySelector(row.dataset.needs); });
  help.showModal();
}
document.querySelectorAll("[data-keys-help]").forEach((button) => {
  button.hidden = !help;
  button.addEventListener("click", showKeys);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  if ("keysOff" in document.body.dataset) return;
  const both = Date.now() - beforeAt < 1500 ? `${before} ${event.key}` : "";
  [before, beforeAt] = [event.key, Date.now()];
  const target = (both && document.querySelector(`[data-keys="${CSS.escape(both)}"]`)) ||
    document.querySelector(`[data-keys="${CSS.escape(event.key)}"]`);
  const search = event.key === "/" && document.querySelector("[data-slash]");
  if (event.key === "?" && help) showKeys();
  else if (search) search.focus();
  else if (window.pageKeys?.[event.key]) window.pageKeys[event.key]();
  else if (target) target.click();
  else return;
  event.preventDefault();
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// Ctrl and Enter, in a field, press the button that a form is there for, also where Enter alone does something else.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.form;
  const button = form && [...form.elements].find((one) => one.matches("button.primary:enabled"));
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// On a phone rows of tabs are wider than the screen: where one is stands in sight.
document.querySelectorAll(".tabs").forEach((strip) => {
  const here = strip.querySelector("[aria-current]");
  if (here && strip.scrollWidth > strip.clientWidth) strip.scrollLeft = here.offsetLeft - strip.offsetLeft - 24;
});

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// A server that fails or refuses answers with a page of its own; people must see it rather than nothing.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", () => say(document.body.dataset.unreachable));
document.addEventListener("htmx:responseError", (event) => {
  const reference = event.detail.xhr.getResponseHeader("X-Correlation-ID") || "";
  say(document.body.dataset.failed.replace("STATUS", event.detail.xhr.status).replace("REFERENCE", reference));
});

function say(text, tone = "error") {
  const note = document.createElement("div");
  note.className = `note ${tone}`;
  note.textContent = text;
  document.getElementById("messages").replaceChildren(note);
}

// A table that is wider than its place can be scrolled with the arrow keys too; one that fits is no stop for Tab, and
// its heads can stay in sight while the page is scrolled.
// Judged at once and not only when the observer gets its turn: a person may press Tab before the first frame.
function offerScrolling(place) {
  const fits = place.scrollWidth <= place.clientWidth;
  place.classList.toggle("fits", fits);
  if (fits) place.removeAttribute("tabindex");
  else place.tabIndex = 0;
}
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) offerScrolling(target.closest(".scroll, pre"));
});
function watchScrolling(root) {
  root.querySelectorAll(".scroll, pre").forEach((place) => {
    offerScrolling(place);
    resized.observe(place);
    for (const inside of place.children) resized.observe(inside);
  });
}
watchScrolling(document);
document.addEventListener("htmx:afterSettle", (event) => watchScrolling(event.target.parentElement ?? document));

// On a phone a row of tabs is wider than the page: the one that is shown comes into view.
document.querySelectorAll(".tabs [aria-current]").forEach((tab) => tab.scrollIntoView({ block: "nearest", inline: "nearest" }));
