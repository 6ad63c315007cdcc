// A passkey that the browser or the person refused is told on the page, not in the console.
document.addEventListener("allauth.error", (event) => {
  const said = document.getElementById("passkey_said");
  const page = document.querySelector("main .narrow") || document.querySelector("main");
  if (!said || !page) return;
  event.preventDefault();
  page.prepend(said);
  said.hidden = false;
  said.focus();
});
