// Import: a file that is dropped or chosen goes to the API; the page is told what came of it.
"use strict";

const sendFile = async (drop, file) => {
  const looked = (detail) => drop.dispatchEvent(new CustomEvent("looked", { detail }));
  if (file.size > Number(drop.dataset.most)) {
    looked({ problem: `${file.name} is larger than ${drop.dataset.most / 1e6} MB, so it is no export.` });
    return;
  }
  drop.classList.add("is-busy");
  try {
    const root = location.pathname.slice(0, location.pathname.indexOf("/ui/"));
    const name = encodeURIComponent(file.name.slice(-200));
    const answer = await fetch(`${root}/imports?name=${name}`, { method: "POST", body: file });
    const said = await answer.json();
    looked(answer.ok ? { import_id: said.import_id } : { problem: said.detail });
  } catch {
    looked({ problem: "The file did not arrive: the app cannot be reached. Try again." });
  } finally {
    drop.classList.remove("is-busy");
  }
};

document.addEventListener("change", (event) => {
  const drop = event.target.closest?.(".drop");
  const file = drop && event.target.files[0];
  if (file) sendFile(drop, file);
  // The same file can be chosen again, once it is mended.
  if (drop) event.target.value = "";
});

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = document.querySelector(".drop");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    // Anywhere on the page of imports is right; else the browser would open the file in place of the page.
    event.preventDefault();
    place.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
    const [file] = kind === "drop" ? event.dataTransfer.files : [];
    if (file) sendFile(place, file);
  });
}
