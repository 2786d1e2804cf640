// The sentences of scripts in the language of the page's address: /es/schedule is
// Spanish. Loaded before everything else. A reader of another language is led to the
// pages in it, unless another one was chosen here.
(() => {
  const texts = JSON.parse(document.querySelector('meta[name="words"]').content);
  const [, first] = location.pathname.split("/");
  const language = texts[first] ? first : "en";
  const own = texts[language];
  const forms = new Intl.PluralRules(language);
  document.documentElement.lang = language;
  document.documentElement.dir = own.direction;

  window.word = (key, blanks = {}) => own[key].replace(/\{(\w+)\}/g, (_, name) => blanks[name] ?? "");
  window.counted = (key, n) => {
    const form = `${key}.${forms.select(n)}`;
    return window.word(own[form] ? form : `${key}.other`, { n: n.toLocaleString(language) });
  };

  // Where the page is in another language; what was chosen on it stays.
  window.pageIn = (code) => {
    const bare = language === "en" ? location.pathname : location.pathname.slice(3).replace(/^\/*/, "/");
    const path = code === "en" ? bare : `/${code}${bare === "/" ? "" : bare}`;
    return path + location.search + location.hash;
  };

  // The choice of a language works before the page is alive, so not by its components.
  document.addEventListener(
    "change",
    ({ target }) => {
      if (!target.matches?.(".language-choice select")) return;
      try {
        localStorage.setItem("language", target.value); // the address says it too
      } catch {
        // storage is closed to us
      }
      location.assign(window.pageIn(target.value));
    },
    true, // before the component shows the language of the page again
  );

  function chosen() {
    try {
      return localStorage.getItem("language");
    } catch {
      return null; // storage is closed to us
    }
  }

  function preferred() {
    const codes = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
    return chosen() ?? codes.find((code) => texts[code]) ?? "en";
  }

  const isOpen = /^\/(schedule\/?)?$/.test(location.pathname); // a link says its language
  const wanted = preferred();
  if (isOpen && wanted !== "en" && texts[wanted]) location.replace(window.pageIn(wanted));
})();
