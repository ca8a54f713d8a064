for (const table of document.querySelectorAll("table")) {
  const groups = [...table.tBodies];
  if (groups.length < 2) continue;
  const number = (group, column) => {
    const text = group.rows[0].cells[column].textContent.replace("−", "-").replaceAll("\u202f", "");
    const value = parseFloat(text);
    return Number.isNaN(value) ? text : value;
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = "↕";
    button.setAttribute("aria-label", "sort by " + head.textContent);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = groups.map(group => [number(group, column), group]);
      const kind = value => typeof value === "number" ? 0 : 1;
      order.sort(([a], [b]) => kind(a) - kind(b) || (a < b ? 1 : a > b ? -1 : 0) * (down ? 1 : -1));
      for (const [, group] of order) table.append(group);
    });
    head.append(" ", button);
  });
  for (const group of groups) {
    const seeds = group.querySelectorAll(".seed");
    if (!seeds.length) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.textContent = "▸";
    button.setAttribute("aria-label", "seeds");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") === "false";
      button.setAttribute("aria-expanded", String(open));
      button.textContent = open ? "▾" : "▸";
      for (const seed of seeds) seed.hidden = !open;
    });
    group.rows[0].cells[0].prepend(button, " ");
  }
}
