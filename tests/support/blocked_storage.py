"""Scripts after which a browser stores nothing, as with a full disk or by a setting."""

FULL = """Storage.prototype.setItem = () => {
  throw new DOMException("full", "QuotaExceededError");
}"""
CLOSED = """for (const kind of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, kind, {
    configurable: true,
    get: () => { throw new DOMException("closed", "SecurityError"); },
  });
}"""
