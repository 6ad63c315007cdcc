// Conveniences only: every page can be read and every form sent without them.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const keyed = /^[a-z]$/.test(event.key) && document.querySelector(`a[data-key="${event.key}"]`);
  if (keyed) keyed.click();
  if (event.key !== "/") return;
  const search = document.querySelector("[data-slash]");
  if (search) {
    event.preventDefault();
    search.focus();
  }
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

function say(text) {
  const note = document.createElement("div");
  note.className = "note error";
  note.textContent = text;
  document.getElementById("messages").replaceChildren(note);
}

// A table that is wider than its place can be scrolled with the arrow keys too; one that fits is no stop for Tab.
// Judged at once and not only when the observer gets its turn: a person may press Tab before the first frame.
function offerScrolling(place) {
  if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
  else place.removeAttribute("tabindex");
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
