// On pages without other scripts: a button copies what an element shows, and says whether
// the browser let us. Over plain http there is no clipboard but the older way, which
// copies what is selected.
const copy = async (shown) => {
  try {
    await navigator.clipboard.writeText(shown.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
};

for (const button of document.querySelectorAll("[data-copies]")) {
  const shown = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.replaceChildren();
    const { done, failed } = button.dataset;
    status.append((await copy(shown)) ? done : failed);
  });
}
