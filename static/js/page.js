// Comforts of every page; each works without: menus that close, «Select all», a pasted code.
"use strict";

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));

function tickTogether(table) {
  const all = table.querySelector("thead input[type=checkbox]");
  const rows = [...table.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")];
  const agree = () => {
    const ticked = rows.filter((row) => row.checked).length;
    all.checked = rows.length > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  };
  all.addEventListener("change", () => rows.forEach((row) => { row.checked = all.checked; }));
  rows.forEach((row) => row.addEventListener("change", agree));
  agree();
}

function splitCode(boxes) {
  const [first, second] = boxes.querySelectorAll("input");
  first.addEventListener("input", () => {
    const code = first.value.replace(/[^0-9a-z]/gi, "");
    if (code.length > 4) second.value = code.slice(4, 8);
    if (code.length >= 4) {
      first.value = code.slice(0, 4);
      second.focus();
    }
  });
}

document.querySelectorAll("table[data-select-all]").forEach(tickTogether);
document.querySelectorAll("[data-code-boxes]").forEach(splitCode);
