// The theme of the back office listens to clicks on spans and on links without an address, and calls things by the
// names of their icons. Here they become buttons: reached by Tab, pressed by Enter and Space, with a name of their own.
const NAMES = {
  add: "Add", arrow_back: "Back to the list", close: "Close", dock_to_right: "Menu", expand_more: "Lines",
  more_horiz: "More", search: "Search", cancel: "Do not sort by it", arrow_circle_down: "Turn the order round",
  arrow_circle_up: "Turn the order round", light_mode: "Theme: light", dark_mode: "Theme: dark",
  computer: "Theme: as the system",
};
const PRESSABLE = "button, a[href], input, select, textarea, summary, label";
const ICON = ".material-symbols-outlined";

function wordsOf(target) {
  const bare = target.cloneNode(true);
  if (bare.matches(ICON)) return "";
  bare.querySelectorAll(ICON).forEach((icon) => icon.remove());
  return bare.textContent.trim();
}

function nameIcons(root) {
  for (const icon of root.querySelectorAll(ICON)) {
    const owner = icon.closest(`${PRESSABLE}, [role=button]`);
    const titled = icon.parentElement.title && !wordsOf(icon.parentElement) ? icon.parentElement.title : "";
    if (!owner && titled) {
      icon.setAttribute("role", "img");
      icon.setAttribute("aria-label", { True: "Yes", False: "No" }[titled] ?? titled);
    } else if (owner !== icon) icon.setAttribute("aria-hidden", "true");
    if (!owner || owner.hasAttribute("aria-label") || wordsOf(owner)) continue;
    const name = icon.textContent.trim();
    owner.setAttribute("aria-label", owner.title || NAMES[name] || name.replaceAll("_", " "));
  }
}

function makeButtons(root) {
  for (const heard of root.querySelectorAll("[x-on\\:click]")) {
    const target = heard.matches("td") ? heard.querySelector(ICON) : heard;
    if (!target || target.matches(PRESSABLE) || target.id === "changelist-filter-close") continue;
    target.setAttribute("role", "button");
    target.tabIndex = 0;
    target.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      target.click();
    });
    if (heard.matches("td")) tellWhetherOpen(heard, target);
  }
}

function tellWhetherOpen(cell, button) {
  const lines = cell.closest("tr").nextElementSibling;
  const tell = () => button.setAttribute("aria-expanded", String(lines?.checkVisibility() ?? false));
  if (lines) new MutationObserver(tell).observe(lines, { attributeFilter: ["style"] });
  tell();
}

function nameFields() {
  const search = document.getElementById("searchbar");
  search?.setAttribute("aria-label", search.placeholder);
  for (const field of document.querySelectorAll("td[data-label] :is(input, select, textarea)")) {
    if (!field.labels?.length) field.setAttribute("aria-label", field.closest("td").dataset.label);
  }
}

// What is searched in a list is called by the label of its field, or by the heading of its filter; its value describes it.
function nameSearched() {
  for (const shown of document.querySelectorAll(".select2-selection[role=combobox]")) {
    const select = shown.closest(".select2-container").previousElementSibling;
    const heading = shown.closest("div:has(> h3)")?.querySelector("h3");
    const name = (select?.labels?.[0] ?? heading)?.textContent.trim();
    if (!name) continue;
    shown.setAttribute("aria-describedby", shown.getAttribute("aria-labelledby") ?? "");
    shown.removeAttribute("aria-labelledby");
    shown.setAttribute("aria-label", name);
  }
}

// A dialog has the focus as long as it is open, and what opened it has it again afterwards.
function holdFocus() {
  const [overlay, dialog, page] = ["modal-overlay", "modal-content", "page"].map((id) => document.getElementById(id));
  if (!overlay || !dialog || !page) return;
  let opener = null;
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", "true");
  dialog.setAttribute("aria-label", "Dialog");
  new MutationObserver(() => {
    const open = overlay.checkVisibility();
    if (open === page.inert) return;
    if (open) opener = document.activeElement;
    page.inert = open;
    if (!open) return opener?.focus();
    dialog.setAttribute("aria-label", dialog.querySelector("h1")?.textContent.trim() || "Dialog");
    dialog.querySelector("input:not([type=hidden]), select, textarea, button[type=submit]")?.focus();
  }).observe(overlay, { attributeFilter: ["style"] });
}

function mend(root) {
  makeButtons(root);
  nameIcons(root);
}

document.addEventListener("DOMContentLoaded", () => {
  nameFields();
  holdFocus();
  mend(document);
});
window.addEventListener("load", nameSearched);
document.addEventListener("htmx:afterSettle", (event) => mend(event.target));
