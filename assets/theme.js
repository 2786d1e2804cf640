// Before anything is drawn: the look this browser was switched to, if it was.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.classList.add(chosen);
  }
} catch {
  // Storage is closed to us: the system decides.
}
