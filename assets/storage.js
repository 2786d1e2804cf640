// Before anything is drawn: storage that lasts as long as this page, where the browser's
// own is closed to us or full. The framework stores the look and the number of the page
// without expecting that this can fail; nothing would be drawn.
for (const kind of ["localStorage", "sessionStorage"]) {
  const texts = new Map();
  try {
    const own = window[kind];
    for (const key of Object.keys(own)) texts.set(key, own.getItem(key));
    own.setItem("invo.probe", "1");
    own.removeItem("invo.probe");
  } catch {
    const replacement = {
      isOfThisPage: true,
      getItem: (key) => texts.get(String(key)) ?? null,
      setItem: (key, text) => texts.set(String(key), String(text)),
      removeItem: (key) => texts.delete(String(key)),
      clear: () => texts.clear(),
    };
    Object.defineProperty(window, kind, { value: replacement, configurable: true });
  }
}
