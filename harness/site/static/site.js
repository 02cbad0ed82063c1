// The whole of the site's script. Every page works without it; it adds the
// theme, search, keys and copying. It runs before the page is drawn, so that
// the theme does not flicker.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // --- theme and language: kept where the browser allows it
  const memory = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* private mode */ } },
  };
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const theme = () => root.dataset.theme || (wantsDark.matches ? "dark" : "light");
  if (memory.get("theme")) root.dataset.theme = memory.get("theme");

  const toggleTheme = () => {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    memory.set("theme", root.dataset.theme);
  };

  // --- copying
  const copy = async (button) => {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const area = document.createElement("textarea");
      area.value = button.dataset.copy;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = document.body.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  // --- search
  let loading = null;
  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.body.dataset.search;
      script.onload = () => resolve(window.pairsFinder(window.pairsIndex));
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  };

  const startSearch = (dialog) => {
    const input = dialog.querySelector("input");
    const list = dialog.querySelector("ul");
    const none = dialog.querySelector(".none");
    let chosen = -1;
    input.role = "combobox";
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const choose = (index) => {
      const options = [...list.children];
      if (!options.length) return;
      chosen = (index + options.length) % options.length;
      options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    };

    const show = (entries, query) => {
      list.replaceChildren(...entries.map((entry, i) => {
        const option = document.createElement("li");
        option.id = `found-${i}`;
        option.role = "option";
        option.dataset.href = document.body.dataset.pages + entry.u;
        const title = document.createElement("span");
        title.textContent = entry.t;
        const kind = document.createElement("span");
        kind.className = "label";
        kind.textContent = entry.k;
        option.append(title, " ", kind);
        return option;
      }));
      input.setAttribute("aria-expanded", String(entries.length > 0));
      input.removeAttribute("aria-activedescendant");
      none.textContent = query.trim() && !entries.length ? none.dataset.none : "";
      choose(0);
    };

    input.addEventListener("input", async () => {
      if (!window.pairsIndex) none.textContent = none.dataset.loading;
      const find = await load();
      show(input.value.trim() ? find(input.value) : [], input.value);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") choose(chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen - 1);
      else if (event.key === "Escape") dialog.close();
      else if (event.key === "Enter" && list.children[chosen]) open(list.children[chosen]);
      else return;
      event.preventDefault();
    });
    const open = (option) => {
      dialog.close();
      location.href = option.dataset.href;
    };
    list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) open(option);
    });
  };

  // --- a table that shows only what holds all words of a field
  const startFilter = (input) => {
    const rows = [...document.querySelectorAll(input.dataset.filter)];
    const none = input.parentElement.querySelector("[data-none]");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
      for (const part of document.querySelectorAll("main section")) {
        part.hidden = !part.querySelector(`${input.dataset.filter}:not([hidden])`);
      }
      none.textContent = rows.some((row) => !row.hidden) ? "" : none.dataset.none;
    });
  };

  const openDialog = (name) => {
    const dialog = document.getElementById(name);
    if (dialog.open) return;
    dialog.showModal();
    if (name === "search") load().catch(() => {});
  };

  // --- keys
  const turn = (rel) => {
    const link = document.querySelector(`nav.turn a[rel="${rel}"]`);
    if (link) location.href = link.href;
  };
  const keys = {
    ArrowLeft: () => turn("prev"),
    ArrowRight: () => turn("next"),
    "/": () => openDialog("search"),
    "?": () => openDialog("keys"),
  };
  const isTaken = (element) =>
    element.closest("input, textarea, select, dialog") !== null ||
    (element.scrollWidth > element.clientWidth + 1 && element.tabIndex === 0 && element !== document.body);

  document.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    if (!key || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return;
    event.preventDefault();
    key();
  });

  // What has to be scrolled can be reached by key; what does not is no stop on the way.
  const markScrollers = () => {
    for (const box of document.querySelectorAll("pre, .trace, .scroll")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  window.addEventListener("resize", markScrollers);
  document.addEventListener("toggle", markScrollers, true);
  document.addEventListener("change", markScrollers);

  // On paper every fold is open; afterwards they are as they were.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });

  // A link to a part that lies in a closed fold opens it.
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    if (target) target.scrollIntoView();
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.open) openDialog(button.dataset.open);
      else if ("themeToggle" in button.dataset) toggleTheme();
      else if ("close" in button.dataset) button.closest("dialog").close();
      else if (button.dataset.copy) copy(button);
    });
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    }
    for (const input of document.querySelectorAll("[data-filter]")) startFilter(input);
    startSearch(document.getElementById("search"));
    markScrollers();
    unfold();
  });
  window.addEventListener("hashchange", unfold);
})();
