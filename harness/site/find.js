// The search: runs over the index that stands below it in the same file. Nothing is fetched.
"use strict";
window.pairsFinder = (index) => {
  const slug = (name) =>
    name.replace(/^\.+|\.+$|!/g, "").replaceAll("()", "").replaceAll("::", "-").replaceAll(".", "-");
  const norm = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, " ").trim();
  const isHangul = (word) => /[가-힣]/.test(word);
  const idle = new Set(index.idle);

  // An entry: what is shown, where it leads, its kind, and its words by what they weigh.
  const entries = [];
  const add = (title, href, kind, bias, ...fields) => {
    const words = new Map();
    for (const [weight, text] of [[10, title], ...fields]) {
      for (const word of norm(text).split(" ")) {
        if (word && (words.get(word) ?? 0) < weight) words.set(word, weight);
      }
    }
    const phrases = [title, ...fields.filter(([weight]) => weight > 5).map((field) => field[1])];
    entries.push({ t: title, u: href, k: kind, bias, words, whole: ` ${norm(phrases.join(" . "))} ` });
  };
  // Words of which each says first how many letters it has of the one before, from A on.
  const unpack = (text) => {
    let before = "";
    return text.split(" ").map((part) => {
      before = before.slice(0, part.charCodeAt(0) - 65) + part.slice(1);
      return before;
    });
  };
  const names = Object.entries(index.names).map(([side, list]) => [side, list ? unpack(list) : []]);
  const all = names.flatMap(([, list]) => list);
  for (const [name, title, kind, used, typed] of index.pairs) {
    add(title, `pairs/${name}.html`, index.kinds[kind], 4,
      [9, name.replaceAll("-", " ")], [8, typed], [5, used.map((n) => all[n]).join(" ")]);
  }
  const [counterparts, ...rows] = index.counterparts;
  for (const row of rows) {
    const firsts = row.map((names) => names.split(" ")[0]);
    const href = `counterparts.html#${firsts.filter(Boolean).map(slug).join("-")}`;
    add(firsts.map((name) => name || "–").join(" → "), href, counterparts, 0, [8, row.join(" ")]);
  }
  // What pages tell: for each word the steps from one of its pairs to the next, a character each.
  const steps = index.told[1].split(" ");
  unpack(index.told[0]).forEach((word, i) => {
    let at = -1;
    for (const step of steps[i] ?? "") {
      const { words } = entries[at += step.codePointAt(0) - 34];
      if (!words.has(word)) words.set(word, 3);
    }
  });
  for (const [href, title, kind, typed, told] of index.further) add(title, href, kind, 3, [8, typed], [3, told]);
  for (const [side, list] of names) {
    const kind = side[0].toUpperCase() + side.slice(1);
    for (const name of list) add(name, `from-${side}.html#${slug(name)}`, kind, 0);
  }

  // How many letters have to change, up to a limit: a transposition is one change.
  const distance = (a, b, limit) => {
    if (Math.abs(a.length - b.length) > limit) return limit + 1;
    let before = [], last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[b.length];
  };
  const vocabulary = new Map();
  for (const entry of entries) {
    for (const word of entry.words.keys()) vocabulary.set(word, (vocabulary.get(word) ?? 0) + 1);
  }

  // The known words that a typed one can mean, each with how surely it does.
  const meanings = (term) => {
    const found = new Map();
    const limit = isHangul(term) || term.length < 4 ? 0 : term.length < 8 ? 1 : 2;
    for (const word of vocabulary.keys()) {
      if (word === term) found.set(word, 1);
      else if (word.startsWith(term)) found.set(word, 0.7);
      else if (isHangul(word) && word.length > 1 && term.startsWith(word)) found.set(word, 0.6);
      else if (term.length > 2 && word.includes(term)) found.set(word, 0.35);
      else if (term.length > 4 && word.length > 3 && term.startsWith(word) && term.length - word.length < 4) found.set(word, 0.5);
    }
    if (!found.size && limit) {
      for (const word of vocabulary.keys()) if (distance(term, word, limit) <= limit) found.set(word, 0.5);
    }
    return found;
  };

  const score = (query) => {
    const text = norm(query);
    let terms = text.split(" ").filter((term) => term && !idle.has(term));
    if (!terms.length) terms = text.split(" ").filter(Boolean);
    if (!terms.length) return [];
    const known = terms.map(meanings);
    return entries.map((entry) => {
      let sum = 0, hits = 0;
      known.forEach((words) => {
        let best = 0;
        for (const [word, surety] of words) {
          const weight = entry.words.get(word);
          if (weight) best = Math.max(best, weight * surety * Math.log(2 + entries.length / vocabulary.get(word)));
        }
        sum += best;
        hits += best > 0;
      });
      if (!hits || hits < terms.length / 2) return 0;
      const whole = terms.length > 1 && entry.whole.includes(` ${terms.join(" ")} `) ? 15 : 0;
      const exact = norm(entry.t) === text ? 20 : 0;
      return (sum + whole + exact + entry.bias) * (hits / terms.length) ** 2;
    });
  };

  // The query with each word that is no beginning of a known one replaced by the nearest.
  const corrected = (query) => norm(query).split(" ").map((term) => {
    const known = [...meanings(term).keys()];
    return known.length && !known.some((word) => word.includes(term) || term.startsWith(word)) ? known[0] : term;
  }).join(" ");

  const variants = (query) => {
    const text = ` ${corrected(query)} `;
    const found = [];
    for (const group of index.synonyms) {
      const said = group.filter((phrase) => isHangul(phrase) ? text.includes(phrase) : text.includes(` ${phrase} `));
      const longest = said.sort((one, two) => two.length - one.length)[0];
      if (longest) found.push(...group.filter((phrase) => phrase !== longest).map((phrase) => text.replace(longest, ` ${phrase} `)));
    }
    return found.slice(0, 24);
  };

  return (query) => {
    const best = score(query);
    for (const variant of best.length ? variants(query) : []) {
      score(variant).forEach((points, i) => { best[i] = Math.max(best[i], points * 0.8); });
    }
    const found = best
      .map((points, i) => [points, entries[i]])
      .filter(([points]) => points > 0)
      .sort((one, two) => two[0] - one[0])
      .map(([, entry]) => entry);
    // Of the names of each library the best stands where it is; the others follow the pages.
    const seen = new Set();
    const isLed = (entry) => entry.bias > 0 || !(seen.has(entry.k) || !seen.add(entry.k));
    const led = found.filter(isLed);
    return [...led.slice(0, 8), ...found.filter((entry) => !led.includes(entry))].slice(0, 12);
  };
};
