// The storage of this browser ("localStorage") and of this tab ("sessionStorage"). It may
// be closed to us or full: then `keep` says that nothing was stored. See also
// assets/storage.js.

export function recall(kind, key) {
  try {
    return window[kind].getItem(key);
  } catch {
    return null;
  }
}

export function keep(kind, key, text) {
  try {
    window[kind].setItem(key, text);
    return !window[kind].isOfThisPage;
  } catch {
    return false;
  }
}

export function forget(kind, key) {
  try {
    window[kind].removeItem(key);
  } catch {
    // Nothing could be stored either.
  }
}

// What was stored as JSON; an empty object if there is none that can be read.
export function recallFields(kind, key) {
  try {
    return JSON.parse(recall(kind, key)) ?? {};
  } catch {
    return {};
  }
}
