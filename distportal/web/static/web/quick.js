// Quick order by keyboard: Enter goes on as Tab does, a new row is always there, a block from a spreadsheet is read.
const grid = document.getElementById("grid");

function rowKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function anotherRow() {
  const last = grid.rows[grid.rows.length - 1];
  const old = last.id.slice("row-".length);
  const holder = document.createElement("tbody");
  holder.innerHTML = last.outerHTML.replaceAll(old, rowKey());
  const row = holder.rows[0];
  row.querySelectorAll("input").forEach((input) => (input.value = ""));
  row.querySelectorAll('[id^="said-"], [id^="amount-"], [id^="drop-"]').forEach((place) => place.replaceChildren());
  grid.append(row);
  htmx.process(row);
}

grid.addEventListener("input", (event) => {
  if (event.target.closest("tr") === grid.rows[grid.rows.length - 1] && event.target.value) anotherRow();
});

grid.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("input")) return;
  event.preventDefault();
  const inputs = [...grid.querySelectorAll("input")];
  const next = inputs[inputs.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
  if (next) next.focus();
});

grid.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  if (!/[\n\t]/.test(text.trim())) return;
  event.preventDefault();
  const form = document.getElementById("pasted");
  form.elements.text.value = text;
  form.requestSubmit();
});

// Rows are saved one after the other, in the order of typing. Whatever leaves the page by a form waits for them, so that
// no save arrives behind it; whatever leaves it otherwise takes along what is not saved yet.
const rows = document.getElementById("rows");
let saving = 0;
let leave = null;

grid.addEventListener("htmx:beforeSend", (event) => {
  if (event.detail.requestConfig.verb === "post") saving += 1;
});

grid.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.verb !== "post") return;
  saving -= 1;
  setTimeout(() => !saving && leave?.()); // the next one in the queue begins first
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!saving) return;
  event.preventDefault();
  leave = () => form.requestSubmit(submitter);
});

window.addEventListener("pagehide", () => {
  if (saving) navigator.sendBeacon(rows.action, new FormData(rows));
});
