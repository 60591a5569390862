"""What tools/report-page runs: makes bundles, opens them, and looks at REPORT.html as a recipient's browser shows it."""
import argparse
import base64
import html.parser
import json
import re
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from browser import chrome, requests, requests_of_others
from checking import Checks
from key_words import words_of

LANGUAGES = ["en", "ru", "tg"]
HEADINGS = {
    "en": "Report on disclosed evidence", "ru": "Отчёт о раскрытых доказательствах",
    "tg": "Гузориш дар бораи далелҳои ошкоршуда",
}
PASSPHRASE = "seven plain words only for these checks"
HOSTILE = [
    "<script>document.title = 'taken'</script>", "\"><img src=x onerror=\"document.title='taken'\">",
    "\"\u0301 onfocus=alert(1) autofocus x=\"\u0301", "<\u0483svg onload=alert(1)>", "\u0d4e\" onmouseover=alert(1) \u0d4e\"",
    "</style></title><h1>taken</h1>", "&lt;b&gt;&amp;&#60;i&#62;", "{{policy}}{{{image}}}", "txt.\u202egnp", "a\u0000b", "W" * 190,
]
# Every name that the templates give to an element or an attribute.
ELEMENTS = set(
    "html head meta title style body main span input label div h1 h2 h3 h4 p ul ol li nav a dl dt dd table thead tbody tr "
    "th td article svg line text tspan rect img".split())
ATTRIBUTES = set(
    "lang charset http-equiv content name id type for checked aria-describedby aria-labelledby class href role tabindex "
    "width height viewbox x y x1 x2 y1 y2 rx text-anchor scope src alt".split())


class Vault:
    """A vault in a folder of its own, and the bundles that come out of it."""

    def __init__(self, evidence, folder):
        self.evidence, self.folder = evidence, folder
        folder.mkdir()
        (folder / "passphrase").write_text(PASSPHRASE + "\n")
        self.run("init", folder / "vault")
        self.key = self.run("key", "generate", "--output", folder / "desk.key", isUnlocked=False).strip()

    def run(self, *words, isUnlocked=True):
        words = [str(word) for word in words]
        if isUnlocked:
            words += ["--passphrase-file", str(self.folder / "passphrase")]
            if words[0] != "init":
                words += ["--vault", str(self.folder / "vault")]
        result = subprocess.run([self.evidence, *words], capture_output=True, text=True, check=False)
        if result.returncode:
            raise AssertionError(f"{words}: status {result.returncode}: {result.stderr}")
        return result.stdout

    def add(self, kind, fields, *files):
        record = self.folder / "record.json"
        record.write_text(json.dumps(fields))
        self.run("add", *files, "--kind", kind, "--record", record)

    def page(self, name, *options):
        """Exports, opens as the recipient does, and returns the page. Items come first, so that they count from 0."""
        self.run("recipient", "add", "Desk", self.key, "--class", "un_special_procedures",
                 "--words", words_of(self.evidence, self.key))
        self.run("export", *options, "--to", "Desk", "--output", self.folder / f"{name}.age")
        self.run(
            "open", self.folder / f"{name}.age", "--output", self.folder / name, "--identity",
            self.folder / "desk.key", "--sender", "anyone", isUnlocked=False)
        return self.folder / name / "REPORT.html"


class Browser:
    def __init__(self, chromium, driver):
        self.driver = chrome(chromium, driver, 1000)

    def load(self, page):
        self.driver.get(page.resolve().as_uri())

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def choose(self, language):
        self.driver.find_element(By.ID, f"language-{language}").click()

    def console(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def violations(self, axe):
        self.run(axe)
        found = self.driver.execute_async_script("axe.run().then(arguments[0])")["violations"]
        return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]

    def visible_languages(self):
        """The languages of fixed words that are shown."""
        return self.run(
            "return ['en', 'ru', 'tg'].filter((code) => [...document.querySelectorAll('#page .' + code)]"
            ".some((one) => getComputedStyle(one).display !== 'none'))")

    def print(self, path):
        data = self.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
        path.write_bytes(base64.b64decode(data))

    def picture(self, path, width):
        def size(height):
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
        size(1000)
        size(min(self.run("return document.documentElement.scrollHeight"), 16000))
        path.write_bytes(base64.b64decode(self.driver.execute_cdp_cmd("Page.captureScreenshot", {})["data"]))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


class Markup(html.parser.HTMLParser):
    """Names of elements and attributes, by a parser that is not the browser's."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.addresses = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in ("href", "src")]


def sample_vault(evidence, folder, samples):
    vault = Vault(evidence, folder)
    for kind, name, *paths in [
        ("testimony", "testimony", "testimony"), ("document", "summons", "summons/summons.png"),
        ("document", "decision", "court/decision.pdf"), ("document", "correspondence", "correspondence"),
        ("dissolution_case", "case"),
    ]:
        vault.run(
            "add", *[samples / "material" / path for path in paths], "--kind", kind, "--record",
            samples / "records" / f"{name}.json")
    vault.add("pressure_event", {
        "title": "Second summons", "case": "juniper-2023", "date": "2022-11", "pressure.kind": "summons",
        "authority": "department_of_justice", "region": "gbao"})
    vault.add("translation", {
        "title": "The account in English", "of": 0, "field": "account", "source_language": "tg", "language": "en",
        "method": "human", "text": "In September 2022 I was called for the first time.", "consent.by": 0})
    return vault


def hostile_vault(evidence, folder):
    vault = Vault(evidence, folder)
    for place, text in enumerate(HOSTILE):
        plain = text.replace("\0", "").replace("/", "")
        file = folder / f"{plain}.txt"
        file.write_text("nothing")
        vault.add("document", {
            "title": text.replace("\0", ""), "document.kind": "note", "description": text, "case": plain[:80],
            "issuer": text, "languages": ["tg"], "people_shown": [text, text]}, file)
        if place == 0:
            vault.add("pressure_event", {
                "title": text, "date": "2023-01-02", "pressure.kind": "summons", "words_used": text,
                "words_used.language": "sgh", "authority": "court"})
    return vault


def check_languages(checks, browser, page, axe, work, pictures):
    for language in LANGUAGES:
        browser.load(page)
        checks.expect(f"{language}: English comes first", browser.visible_languages() == ["en"])
        browser.choose(language)
        checks.expect(f"{language}: it alone is shown", browser.visible_languages() == [language])
        heading = browser.driver.find_element(By.TAG_NAME, "h1")
        checks.expect(f"{language}: the heading is in it", heading.text == HEADINGS[language], heading.text)
        found = browser.violations(axe)
        checks.expect(f"{language}: axe finds nothing", not found, found)
        browser.print(work / f"{language}.pdf")
        info = subprocess.run(["pdfinfo", work / f"{language}.pdf"], capture_output=True, text=True, check=True).stdout
        pages = int(re.search(r"Pages: +(\d+)", info).group(1))
        checks.expect(f"{language}: it prints on A4", "(A4)" in info and 5 <= pages <= 40, info)
        text = subprocess.run(["pdftotext", work / f"{language}.pdf", "-"], capture_output=True, text=True, check=True)
        others = [HEADINGS[other] for other in LANGUAGES if other != language]
        checks.expect(
            f"{language}: what is printed is in it", HEADINGS[language] in text.stdout
            and not any(other in text.stdout for other in others))
        if pictures:
            for name, width in [("desk", 1000), ("phone", 390)]:
                browser.picture(pictures / f"report-{language}-{name}.png", width)
            subprocess.run(
                ["pdftoppm", "-r", "60", "-png", work / f"{language}.pdf", pictures / f"report-{language}"], check=True)


def check_keyboard(checks, browser, page):
    browser.load(page)
    browser.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    browser.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    checks.expect("the keyboard alone changes the language", browser.visible_languages() == ["ru"])


def check_telephone(checks, browser, name, page):
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True})
    for language in LANGUAGES:
        browser.load(page)
        browser.choose(language)
        width = browser.run("return document.documentElement.scrollWidth")
        checks.expect(f"{language}: a telephone needs no scrolling sideways for {name}", width <= 390, width)
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def check_quiet(checks, browser, page):
    """Nothing is run, fetched or complained of; and the policy holds against what somebody would put in."""
    browser.console(), requests(browser.driver)
    browser.load(page)
    time.sleep(0.5)
    asked, complaints = requests(browser.driver), browser.console()
    checks.expect("nothing but the page is fetched", asked == [page.resolve().as_uri()], asked)
    checks.expect("the browser has no complaint", not complaints, complaints)
    checks.expect("there is no script", browser.run("return document.scripts.length") == 0)
    text = page.read_text()
    changed = page.with_name("changed.html")
    changed.write_text(text.replace(
        "</body>", "<script>document.title = 'taken'</script><style>h1 { color: red }</style>"
        "<img src='https://example.invalid/x'><p style='color: red'>x</p></body>"))
    browser.load(changed)
    complaints = browser.console()
    checks.expect(
        "a script, a style and a picture from elsewhere that were put in are refused", browser.run(
            "return document.title !== 'taken' && getComputedStyle(document.querySelector('h1')).color"
            " === 'rgb(17, 17, 17)'") and len(complaints) >= 3, complaints)
    seen, asked = requests_of_others(browser.driver, page.parent)
    checks.expect("control: of a page that asks the disk and the network, this is seen", seen == asked, seen)


def check_pictures(checks, browser, page):
    browser.load(page)
    widths = browser.run("return [...document.images].map((one) => [one.naturalWidth, one.alt !== ''])")
    checks.expect("pictures are shown, each with words for it", len(widths) >= 1 and all(a and b for a, b in widths), widths)
    links = browser.run("return [...document.querySelectorAll('a[href^=data]')].map((one) => one.getAttribute('href'))")
    missing = [link for link in links if not (page.parent / urllib.parse.unquote(link)).is_file()]
    checks.expect("each link to a file leads to one", len(links) > 3 and not missing, missing)
    anchors = browser.run(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map((one) => one.getAttribute('href'))"
        ".filter((one) => !document.querySelector(one))")
    checks.expect("each link within the page leads somewhere", not anchors, anchors)
    text = browser.run("return document.querySelector('#item-0').innerText")
    checks.expect("the translation stands with the account", "I was called for the first time" in text)


def check_hostile(checks, browser, page):
    text = page.read_text()
    found = Markup(text)
    checks.expect("no element but those of the templates", found.elements <= ELEMENTS, found.elements - ELEMENTS)
    checks.expect("no attribute but those of the templates", found.attributes <= ATTRIBUTES, found.attributes - ATTRIBUTES)
    checks.expect(
        "every address is one of the page's own", len(found.addresses) > len(HOSTILE) and all(
            re.match(r"#[a-z0-9_-]+$|data/item-\d+/|VERIFY\.html$|data:image/(png|jpeg|gif|webp);base64,", address)
            for address in found.addresses), found.addresses)
    browser.load(page)
    names = browser.run(
        "const all = [...document.querySelectorAll('*')]; return [[...new Set(all.map((one) => one.localName))],"
        "[...new Set(all.flatMap((one) => one.getAttributeNames()))]]")
    checks.expect("nor does the browser see others", set(names[0]) <= ELEMENTS
                  and {name.lower() for name in names[1]} <= ATTRIBUTES, names)
    shown = browser.run("return document.body.textContent")
    checks.expect("hostile text is shown as it is", HOSTILE[0] in shown and HOSTILE[1] in shown and HOSTILE[6] in shown)
    checks.expect("what hides or reorders text is written out", "\\u{202e}" in shown and "\u202e" not in shown
                  and "a\\u{0}b" in shown)
    checks.expect("the browser has no complaint about it", not browser.console())
    checks.expect("and the title is that of the page", browser.driver.title.startswith(HEADINGS["en"]))


def check_many(checks, browser, vault, maker, work):
    table = work / "cases.csv"
    subprocess.run([sys.executable, maker, "700", "--output", table], check=True)
    vault.run("import", table, "--kind", "dissolution_case")
    start = time.monotonic()
    # The entry of an export can name 10,000 fields; two that all cases have make room for the date.
    page = vault.page(
        "many", "0-699", "--names-checked", "--disclose", "date_decision", "--withhold", "verification", "--withhold",
        "rights")
    print(f"      700 cases: {time.monotonic() - start:.1f} s to export and open, page of {page.stat().st_size >> 10} KiB")
    checks.expect("700 cases fit on a page", page.stat().st_size <= 32 << 20)
    browser.load(page)
    count = browser.run("return document.querySelectorAll('article').length")
    checks.expect("and each of them is there", count >= 690, count)
    checks.expect("their dates are counted in the chart", browser.run(
        "return document.querySelectorAll('.chart rect').length") in range(2, 60))


def main():
    parser = argparse.ArgumentParser()
    for name in ["evidence", "samples", "cases", "work", "chromium", "driver", "axe"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    if options.pictures:
        options.pictures.mkdir(exist_ok=True)
    checks, browser = Checks(), Browser(options.chromium, options.driver)
    try:
        sample = sample_vault(options.evidence, options.work / "sample", options.samples).page(
            "opened", "0-6", "--disclose", "restricted", "--names-checked", "--purpose", "Allegation letter")
        check_languages(checks, browser, sample, options.axe.read_text(), options.work, options.pictures)
        check_keyboard(checks, browser, sample)
        check_telephone(checks, browser, "the sample", sample)
        check_pictures(checks, browser, sample)
        check_quiet(checks, browser, sample)
        hostile = hostile_vault(options.evidence, options.work / "hostile").page(
            "opened", f"0-{len(HOSTILE)}", "--disclose", "restricted", "--purpose", HOSTILE[1])
        check_hostile(checks, browser, hostile)
        check_telephone(checks, browser, "endless words", hostile)
        check_many(checks, browser, Vault(options.evidence, options.work / "many"), options.cases, options.work)
    finally:
        browser.driver.quit()
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
