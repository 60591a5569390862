// Files of the folder that somebody chose or dropped, under their paths below that folder.

/** From a field for choosing a folder. */
const chosenFiles = (list) => Array.from(list, (file) => [file.webkitRelativePath || file.name, file]);

/** From a drop. Chromium refuses entries to a page on the disk, but hands out handles; others have entries alone. */
async function droppedFiles(items) {
  // Both have to be asked for before the first pause: afterwards a browser takes them away.
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const handles = items.map((item) => item.getAsFileSystemHandle?.() ?? null);
  const files = [];
  for (const [place, pending] of handles.entries()) {
    const handle = await Promise.resolve(pending).catch(() => null);
    if (handle) await walkHandle(handle, handle.name, files);
    else if (entries[place]) await walkEntry(entries[place], entries[place].name, files);
  }
  return files;
}

async function walkHandle(handle, path, files) {
  if (handle.kind === "file") {
    files.push([path, await handle.getFile()]);
    return;
  }
  for await (const [name, child] of handle.entries()) await walkHandle(child, `${path}/${name}`, files);
}

async function walkEntry(entry, path, files) {
  if (entry.isFile) {
    files.push([path, await new Promise((resolve, reject) => entry.file(resolve, reject))]);
    return;
  }
  const reader = entry.createReader();
  // A reader gives a part of a long list at a time, and nothing at its end.
  for (;;) {
    const children = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (children.length === 0) return;
    for (const child of children) await walkEntry(child, `${path}/${child.name}`, files);
  }
}

/** The files below the one folder that all of them share; of an unpacked archive that is the folder in it. */
function belowTheirFolder(files) {
  const first = files.map(([path]) => path.split("/")[0]);
  const isShared = files.length > 0 && files.every(([path]) => path.includes("/")) && new Set(first).size === 1;
  if (!isShared || files.some(([path]) => path === BUNDLE_NOTE)) return new Map(files);
  return belowTheirFolder(files.map(([path, file]) => [path.slice(first[0].length + 1), file]));
}
