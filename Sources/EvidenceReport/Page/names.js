// Paths, and where the disclosed files of an item stand (FORMAT sections 4 and 7).

/** Whether a text is a path by section 4. */
function isPath(text) {
  const components = text.split("/");
  return toUTF8(text).length <= 4096 && components.length <= 64 && !/[\u0000-\u001f\u007f-\u009f\\]/.test(text)
    && components.every((name) => !["", ".", ".."].includes(name) && toUTF8(name).length <= 255);
}

const NOT_EVERYWHERE = /[%:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** What Windows opens a device for, whatever ending and folder the name has. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i;

/** Whether every system can hold a file or folder of this name, and shows it as it is. */
const isHarmless = (name) => !NOT_EVERYWHERE.test(name) && !/[. ]$/.test(name) && !DEVICE.test(name);

/** Whether a file outside of `data` and `proofs` that is no part of the bag may be called that (section 7, Pages). */
const isPageName = (path) => path.split("/").every(isHarmless)
  && !["data", "proofs"].includes(folded(path.split("/")[0]))
  && !/^(fetch\.txt|(tag)?manifest-.*\.txt)$/s.test(path.toLowerCase());

/** Whether a text is a moment: a day and a time that there are, in UTC (section 7, bundle.note). */
function isMoment(text) {
  if (typeof text !== "string" || text < "1583") return false;
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text.replace("Z", ".000Z");
}

/** The form in which two names are the same on some disk. */
const folded = (text) => Array.from(lowered(text).toUpperCase(), lowered).join("").normalize("NFC");

/** Lower case of each character alone: the language of the browser and its neighbours change nothing. */
const lowered = (text) => Array.from(text, (character) => character.toLowerCase()).join("");

/** Where each file of an item stands, below the folder of the item. */
function placesOfFiles(files, number) {
  const takenFiles = new Set(), takenFolders = new Set();
  return files.map((file, place) => {
    if (!file.has("path")) return `renamed/${place + 1}`;
    const components = file.get("path").split("/"), form = folded(file.get("path"));
    const folders = components.slice(1).map((_, count) => folded(components.slice(0, count + 1).join("/")));
    const kept = `data/item-${number}/files/${file.get("path")}`;
    const isKept = isPath(`bundle/${kept}`) && kept.length <= 160 && components.every(isHarmless)
      && !takenFiles.has(form) && !takenFolders.has(form) && !folders.some((folder) => takenFiles.has(folder));
    if (!isKept) return `renamed/${place + 1}-${harmlessName(components.at(-1))}`;
    takenFiles.add(form);
    folders.forEach((folder) => takenFolders.add(folder));
    return `files/${file.get("path")}`;
  });
}

/** A name with low lines for what some systems refuse or hide, of at most 120 bytes. */
function harmlessName(name) {
  let kept = "", byteCount = 0;
  for (const character of name) {
    const next = NOT_EVERYWHERE.test(character) ? "_" : character;
    byteCount += toUTF8(next).length;
    if (byteCount > 120) break;
    kept += next;
  }
  return /[. ]$/.test(kept) ? kept + "_" : kept;
}

/** Text from evidence made fit to be shown: nothing in it can hide or reorder text. */
const shown = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu,
  (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
