"""A headless Chromium with the page that checks bundles in it, loaded from the disk as an officer would."""
import json
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

TIMEOUT = 60  # seconds, for one check of a folder
LANGUAGES = ["en", "ru", "tg"]


def requests(driver):
    """The addresses that were asked for since this was called last, without those that stand in the page itself; for a
    driver that keeps its performance log."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    addresses = [message["params"]["request"]["url"] for message in messages
                 if message["method"] == "Network.requestWillBeSent"]
    return [address for address in addresses if not address.startswith("data:")]


def requests_of_others(driver, folder):
    """What is seen of a page that asks the disk and the network for a picture each, and of its two requests."""
    page, addresses = folder / "asking.html", [(folder / "asked.png").as_uri(), "http://127.0.0.1:9/asked.png"]
    page.write_text("<!DOCTYPE html>" + "".join(f"<img src='{address}'>" for address in addresses))
    requests(driver)
    driver.get(page.as_uri())
    time.sleep(0.5)
    # That there is no picture is complained of, and no fault of the page that is looked at next.
    driver.get_log("browser")
    return requests(driver), [page.as_uri(), *addresses]


def chrome(chromium, driver, width):
    """A headless Chromium in English that keeps what it complains of and what it asks for."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(chromium)
    for word in ["--headless=new", "--no-sandbox", "--lang=en", f"--window-size={width},1400"]:
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(str(driver)))


class Browser:
    def __init__(self, page, chromium, driver):
        self.driver = chrome(chromium, driver, 900)
        self.driver.set_script_timeout(TIMEOUT)
        self.address = page.resolve().as_uri()
        self.load()

    def close(self):
        self.driver.quit()

    def load(self):
        self.driver.get(self.address)
        self.language("en")

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def run_and_wait(self, script, *values):
        """Runs the body of an asynchronous function, and returns what it returns or raises what it throws."""
        result = self.driver.execute_async_script(
            "const [done, ...values] = [arguments[arguments.length - 1], ...[...arguments].slice(0, -1)];"
            "(async () => {" + script + "})().then((value) => done([value]), (error) => done(String(error.stack)));",
            *values)
        if isinstance(result, str):
            raise AssertionError(result)
        return result[0]

    def named(self, name):
        return self.driver.find_element(By.ID, name)

    def language(self, code):
        self.driver.find_element(By.CSS_SELECTOR, f"#languages button[lang={code}]").click()

    def verdict(self):
        return self.named("verdict").get_attribute("data-verdict")

    def text(self):
        return self.run("return document.body.innerText")

    def faults(self):
        return self.run("return [...document.querySelectorAll('#verdict li')].map((line) => line.textContent)")

    def choose(self, folder):
        """Gives a folder to the field, and returns the verdict."""
        self._expect()
        self.named("folder").send_keys(str(folder))
        return self._await()

    def drop(self, folder):
        """Drops a folder on the page, as from a file manager, and returns the verdict."""
        self._expect()
        for kind in ["dragEnter", "dragOver", "drop"]:
            self.driver.execute_cdp_cmd("Input.dispatchDragEvent", {
                "type": kind, "x": 200, "y": 200,
                "data": {"items": [], "files": [str(folder)], "dragOperationsMask": 1}})
        return self._await()

    def type_words(self, words):
        field = self.named("typed")
        field.clear()
        field.send_keys(words, Keys.ENTER)
        return self.verdict()

    def check_with_witnesses(self, text):
        field = self.named("witness-keys")
        field.clear()
        field.send_keys(text)
        self._expect()
        self.driver.find_element(By.CSS_SELECTOR, "#again button").click()
        return self._await()

    def tab_order(self):
        """What Tab goes through from the top of the page, by ID, language, or the form that a button sends."""
        self.run("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
        reached = []
        while len(reached) < 50:
            for kind in ["keyDown", "keyUp"]:
                self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {
                    "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9})
            name = self.run("const now = document.activeElement;"
                            "return now === document.body ? '' : now.id || now.lang || now.form?.id || now.tagName;")
            if name == "" or name in reached:
                break
            reached.append(name)
        return reached

    def console(self):
        """What the page complained of since this was asked last."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def _expect(self):
        self.run("document.getElementById('verdict').dataset.verdict = 'expected'")

    def _await(self):
        deadline = time.monotonic() + TIMEOUT
        while self.verdict() in ("expected", "working"):
            if time.monotonic() > deadline:
                raise AssertionError("the page gives no verdict")
            time.sleep(0.01)
        return self.verdict()
