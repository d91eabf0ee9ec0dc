// A page made for paper: the button that prints it. Without script the browser's own menu does.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());
