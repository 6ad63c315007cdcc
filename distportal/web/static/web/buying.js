// Back on a page that told what was done, typing goes on in its search.
if (document.querySelector("#messages .note")) document.querySelector("[data-return]")?.focus();
