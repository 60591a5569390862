// What people see and do. Text gets into the page by `textContent` alone, so that nothing from a bundle becomes markup.

/** The most dates that do not agree of which it tells, of each kind. */
const SHOWN_DOUBTS = 10;

const byID = (name) => document.getElementById(name);

const state = {
  language: LANGUAGES.find((code) => navigator.language.toLowerCase().startsWith(code)) ?? "en",
  files: null,
  progress: null,
  result: null,
  faults: [],
  notice: "",
  typed: "",
  run: 0,
};

/** A phrase in the language of the page, with values in its places. */
function say(phrase, values = {}) {
  const texts = PHRASES[phrase] ?? FAULTS[phrase];
  return texts[LANGUAGES.indexOf(state.language)].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** An element with text, or with elements, in it. */
function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  if (Array.isArray(content)) made.append(...content); else made.textContent = content;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Names and values as a list of definitions. */
const definitions = (pairs) =>
  element("dl", pairs.flatMap(([name, value]) => [element("dt", name), element("dd", value, { dir: "auto" })]));

// The verdict: one word for it, which also is its colour.

function verdict() {
  if (state.progress !== null) return "working";
  if (state.faults.length > 0) return "refused";
  if (state.result === null) return "idle";
  const words = typedWords(state.typed);
  if (words.join(" ") === state.result.sender.words) return "compared";
  if (state.result.sender.formerWords.includes(words.join(" "))) return "formerSigner";
  return wordProblem(words) === null && words.length > 0 ? "otherSigner" : "unvouched";
}

/** What is wrong with words before they are compared; `null` for eight words of the list, and for none. */
function wordProblem(typed) {
  const list = words();
  const unknown = typed.find((word) => !list.includes(word));
  if (unknown !== undefined) return say("wordUnknown", { word: shown(unknown) });
  return typed.length === 8 || typed.length === 0 ? null : say("wordsMissing", { count: typed.length });
}

// Showing.

function render() {
  document.documentElement.lang = state.language;
  document.title = say("title");
  for (const place of document.querySelectorAll("[data-phrase]")) place.textContent = say(place.dataset.phrase);
  byID("languages").setAttribute("aria-label", say("language"));
  for (const button of byID("languages").children) {
    button.setAttribute("aria-pressed", String(button.lang === state.language));
  }
  renderVerdict();
  renderWords();
  const result = state.faults.length > 0 ? null : state.result;
  for (const part of document.querySelectorAll(".of-result")) part.hidden = result === null;
  // A countersignature that is wrong refuses a bundle, so its key has to stay within reach.
  const hasKeys = byID("witness-keys").value !== "" && state.files !== null && state.progress === null;
  document.querySelector(".of-folder").hidden = result === null && !hasKeys;
  byID("witnesses").replaceChildren();
  if (result === null) return;
  byID("signer-words").textContent = result.sender.words;
  byID("signer-digits").textContent = digitsOf(result.sender.words);
  byID("facts").replaceChildren(definitions(factsOf(result)));
  byID("witnesses").replaceChildren(...witnessLines(result));
  const amendments = new Amendments(result.items);
  byID("items").replaceChildren(...result.items.map((item) => itemSection(item, amendments.of(item))));
}

function renderVerdict() {
  const now = verdict(), lines = [];
  if (now === "working") lines.push(element("p", say("working", state.progress)));
  else if (now === "idle") lines.push(element("p", say(state.notice || "idle")));
  else lines.push(element("p", say(now), { class: "headline" }), element("p", say(`${now}Advice`)));
  if (now !== "working" && state.faults.length === 0 && state.result?.untrusted.length > 0) {
    const entries = state.result.untrusted.join(", ");
    lines.push(element("p", say("untrusted"), { class: "headline" }), element("p", say("untrustedAdvice", { entries })));
  }
  if (now === "refused") {
    const faults = state.faults.map(({ phrase, path }) => element("li", say(phrase, { path: shown(path) })));
    lines.push(element("ul", faults));
  }
  byID("verdict").dataset.verdict = now;
  byID("verdict").replaceChildren(...lines);
}

function renderWords() {
  const typed = typedWords(state.typed);
  byID("words-problem").textContent = state.result === null ? "" : wordProblem(typed) ?? "";
}

function factsOf({ note, fileCount, events, stamps, hasSSHSignature, untrusted, dateDoubts: doubts }) {
  const isForPassphrase = note.recipients[0] === "recipient passphrase";
  const facts = [
    [say("purpose"), note.purpose === "" ? say("notStated") : shown(note.purpose)],
    [say("created"), shown(note.created)],
    [say("recipients"), isForPassphrase ? say("forPassphrase") : String(note.recipients.length)],
    [say("identifier"), note.identifier],
    [say("head"), `${note.head.size} ${wordsOf(fromHex(note.head.root))}`],
    [say("filesChecked"), String(fileCount)],
    [say("events"), String(events)],
  ];
  if (untrusted.length > 0) facts.push([say("untrusted"), say("untrustedAdvice", { entries: untrusted.join(", ") })]);
  if (stamps.length > 0) facts.push([say("stamps"), say("stampsAdvice", { count: stamps.length })]);
  if (hasSSHSignature) facts.push([say("sshSignature"), say("sshSound")]);
  for (const kind of doubts) {
    for (const [phrase, values] of kind.slice(0, SHOWN_DOUBTS)) facts.push([say("dateDoubts"), say(phrase, values)]);
    const count = kind.length - SHOWN_DOUBTS;
    if (count > 0) facts.push([say("dateDoubts"), say("moreDoubts", { count })]);
  }
  return facts;
}

function witnessLines({ cosigners }) {
  if (cosigners.length === 0) return [element("p", say("noWitness"))];
  return cosigners.map(({ name, id, time }) => {
    const moment = time === null ? "" : momentOf(time);
    const phrase = time === null ? "witnessUnknown" : "witnessSound";
    return element("p", say(phrase, { name: shown(name), id, time: moment }));
  });
}

/** A moment as a person reads it; one beyond what a calendar has, in seconds. */
function momentOf(seconds) {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace(".000", "");
}

function itemSection(item, { amended, supersededBy }) {
  const { number, record, files, places, closedDigests, withheldFiles, withheldNames } = item;
  const text = (name) => (typeof record.get(name) === "string" ? shown(record.get(name)) : null);
  const facts = [
    ...(state.result.untrusted.includes(number) ? [[say("untrusted"), say("untrustedItem")]] : []),
    ...(amended === null ? [] : [[say("amends"), say("item", { number: amended })]]),
    ...(supersededBy === null ? [] : [[say("supersededBy"), say("entry", { number: supersededBy })]]),
    [say("kind"), text("kind") ?? say("withheld")],
    [say("itemTitle"), text("title") ?? text("name") ?? say("noTitle")],
    [say("added"), text("added") ?? say("withheld")],
    [say("files"), String(files.length)],
  ];
  const withheld = [
    closedDigests > 0 ? say("closedDigests", { count: closedDigests }) : null,
    withheldFiles > 0 ? say("withheldFiles", { count: withheldFiles }) : null,
    withheldNames > 0 ? say("withheldNames", { count: withheldNames }) : null,
  ].filter((line) => line !== null);
  if (withheld.length === 0) withheld.push(say("nothingWithheld"));
  return element("section", [
    element("h3", say(amended === null ? "item" : "entry", { number })),
    definitions(facts),
    element("ul", places.map((place) => element("li", shown(place), { dir: "auto" })), { class: "paths" }),
    element("h4", say("whatIsWithheld")),
    element("ul", withheld.map((line) => element("li", line))),
  ]);
}

// Doing.

/** Checks another folder: the words that were heard of one sender say nothing of the next. */
function checkAnother(files) {
  state.typed = "";
  byID("typed").value = "";
  check(files);
}

async function check(files) {
  state.run += 1;
  const run = state.run, progress = { done: 0, total: files.size, share: 0 };
  Object.assign(state, { files, result: null, faults: [], notice: "", progress });
  render();
  const isStale = () => run !== state.run;
  try {
    const result = await new BundleCheck(files, knownWitnesses(), showProgress(isStale)).run();
    if (!isStale()) state.result = result;
  } catch (error) {
    if (!isStale()) state.faults = faultsOf(error);
  }
  if (isStale()) return;
  state.progress = null;
  render();
}

const faultsOf = (error) => {
  if (error instanceof AggregateError) return error.errors;
  return [error instanceof Fault ? error : new Fault("broken", String(error))];
};

/** Tells of progress at most five times a second. */
function showProgress(isStale) {
  let last = 0;
  return (done, total, share) => {
    if (isStale() || performance.now() - last < 200) return;
    last = performance.now();
    state.progress = { done, total, share: Math.floor(100 * share) };
    renderVerdict();
  };
}

/** The keys that were pasted, as far as they are keys; of the first line that is none, the page tells. */
function knownWitnesses() {
  const lines = byID("witness-keys").value.split("\n").map((line) => line.trim());
  const keys = lines.map((line) => (line === "" ? undefined : parseVerifierKey(line, COSIGNATURE_KEY)));
  const wrong = keys.indexOf(null);
  byID("witness-problem").textContent = wrong < 0 ? "" : say("witnessInvalid", { line: wrong + 1 });
  return keys.filter((key) => key);
}

function start() {
  for (const button of byID("languages").children) {
    button.addEventListener("click", () => {
      state.language = button.lang;
      render();
    });
  }
  byID("folder").addEventListener("change", (event) => {
    const files = chosenFiles(event.target.files);
    // Chosen again, the same folder is to be checked again.
    event.target.value = "";
    if (files.length > 0) checkAnother(belowTheirFolder(files));
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const files = await droppedFiles(Array.from(event.dataTransfer.items)).catch(() => []);
    if (files.length > 0) {
      checkAnother(belowTheirFolder(files));
      return;
    }
    Object.assign(state, { result: null, faults: [], progress: null, notice: "dropFailed", run: state.run + 1 });
    render();
  });
  byID("compare").addEventListener("submit", (event) => {
    event.preventDefault();
    state.typed = byID("typed").value;
    render();
  });
  byID("again").addEventListener("submit", (event) => {
    event.preventDefault();
    check(state.files);
  });
  byID("body").hidden = false;
  render();
}

start();
