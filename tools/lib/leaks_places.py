"""Where else secrets of a running program may come to lie: between two questions, in a core file, in swap."""
import contextlib
import ctypes
import mmap
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

from cryptography.exceptions import InvalidTag
from checking import require
from key_words import share_words
from leaks_material import CARELESS, CONTENT, CONTENT_MARK, Material, X25519Material
from leaks_run import Dialogue, Run
from memory_scan import PAGE, ZEROS, Findings, Secret, mappings, wait_for_exit, wait_until_idle
from published_formats import age_payload, bech32_decoded, scrypt_file_key

PROCESS_MADVISE, MADV_PAGEOUT = 440, 21
SWAP = 32 << 20  # bytes
# No capability that lets root lock memory beyond what the limit allows, and a limit of nothing.
UNLOCKED = ["setpriv", "--bounding-set", "-ipc_lock", "prlimit", "--memlock=0"]
WARNING = b"may lock too little memory"


def check_prompts(cases):
    """What was answered to one question, while the next one waits."""
    vault, sheets = cases.work / "asked", cases.work / "sheets"
    passphrase = os.urandom(24).hex().encode()
    path = cases.file("passphrase", passphrase + b"\n")
    quietly(cases.evidence, "init", vault, "--passphrase-file", path)
    quietly(cases.evidence, "key", "split", "--threshold", "2", "--shares", "2", "--output", sheets, "--vault", vault,
            "--passphrase-file", path)
    texts = [share_words(sheets / f"share-{number}.txt").encode() for number in (1, 2)]
    for is_hiding in cases.ways("a passphrase is changed", "shares are combined"):
        changed = os.urandom(24).hex().encode()
        check_change(cases, is_hiding, vault, passphrase, changed)
        check_combination(cases, is_hiding, vault, texts, changed)
        passphrase = changed


def check_change(cases, is_hiding, vault, passphrase, changed):
    path = vault / "keys/signing.age"
    sealed = path.read_bytes()
    old = Material()
    old.add("passphrase", passphrase)
    old.payload("signing.age", scrypt_file_key(sealed, passphrase), sealed)
    secrets = [*old.secrets, Secret("new passphrase", changed)]
    words = [cases.evidence, "key", "passphrase", "--vault", vault]
    with cases.case(f"a passphrase is changed{', hidden' if is_hiding else ''}") as notes, \
            Dialogue(words, is_hiding) as dialogue:
        desk = Asked(dialogue, is_hiding, notes)
        desk.answer(passphrase, secrets, ["passphrase"])
        desk.answer(changed, secrets, ["new passphrase"])
        desk.end(changed, secrets)
        require(opens(path.read_bytes(), changed), "the new passphrase does not open the key")


def check_combination(cases, is_hiding, vault, texts, passphrase):
    """Shares are typed until they give the key back, which the file that is made then has to hold."""
    sealed = (vault / "keys/reading.age").read_bytes()
    key = age_payload(sealed, scrypt_file_key(sealed, passphrase))
    secrets = [Secret(f"share {number}", text, size=20) for number, text in enumerate(texts, 1)]
    secrets += [Secret("reading seed", bech32_decoded(key.decode(), "AGE-SECRET-KEY-PQ-")),
                Secret("reading identity", key.removeprefix(b"AGE-SECRET-KEY-PQ-1"))]
    name = f"shares are combined{', hidden' if is_hiding else ''}"
    made, chosen = cases.work / f"{name}.age", os.urandom(24).hex().encode()
    secrets.append(Secret("chosen passphrase", chosen))
    words = [cases.evidence, "key", "combine", "--output", made, "--vault", vault]
    with cases.case(name) as notes, Dialogue(words, is_hiding) as dialogue:
        desk = Asked(dialogue, is_hiding, notes)
        desk.answer(texts[0], secrets, [])
        desk.answer(texts[1], secrets, ["reading seed"])
        desk.answer(chosen, secrets, ["reading seed", "chosen passphrase"])
        desk.end(chosen, secrets)
        restored = made.read_bytes()
        require(opens(restored, chosen), "the passphrase does not open what was made")
        require(key in age_payload(restored, scrypt_file_key(restored, chosen)), "the shares did not give the key back")


def opens(sealed, passphrase):
    try:
        return bool(scrypt_file_key(sealed, passphrase))
    except InvalidTag:
        return False


def quietly(*command, data=b""):
    done = subprocess.run([str(word) for word in command], input=data, capture_output=True)
    require(done.returncode == 0, f"{command[1]} ended with {done.returncode}: {done.stderr.decode()[-200:]}")
    return done


class Asked:
    def __init__(self, dialogue, is_hiding, notes):
        self.dialogue, self.is_hiding, self.notes = dialogue, is_hiding, notes
        dialogue.wait_for_question()

    def answer(self, answer, secrets, in_use):
        """Gives an answer, and searches while the next question waits."""
        self.dialogue.answer(answer)
        self.dialogue.wait_for_question()
        findings = Findings(self.dialogue.process, secrets)
        for name in in_use:
            require(self.is_hiding or findings.guarded[name], f"{name} is not where it is in use")
        hidden = [name for name, pieces in findings.guarded.items() if pieces and self.is_hiding]
        require(not findings.leaks() and not hidden, "; ".join([*findings.leaks(), *hidden]))
        self.notes.append(f"{findings.byte_count >> 10} KiB searched at a question")

    def end(self, answer, secrets):
        self.dialogue.answer(answer)
        status = wait_for_exit(self.dialogue.process)
        require(status == 0, f"ended with status {status}: {os.read(self.dialogue.terminal, 4096)}")
        findings = Findings(self.dialogue.process, secrets)
        guarded = [name for name, pieces in findings.guarded.items() if pieces]
        require(not findings.leaks() and not guarded, "; ".join([*findings.leaks(), *guarded]))
        self.notes.append(f"{findings.byte_count >> 10} KiB at the end")


def check_unlocked(cases):
    """Where no memory may be locked, the program says so, and works."""
    with cases.case("no memory may be locked"):
        material = X25519Material()
        words = [cases.evidence, "unseal", "-i", cases.file("identity", material.identity_text)]
        sealed = material.sealed(b"what is in it")
        require(WARNING not in quietly(*words, data=sealed).stderr, "the warning comes without need")
        done = quietly(*UNLOCKED, *words, data=sealed)
        require(WARNING in done.stderr and done.stdout == b"what is in it", "no warning, or not what was sealed")


def careless():
    """A program with a secret in ordinary memory; what it read out is the first 32 bytes of its output."""
    return subprocess.Popen([sys.executable, "-c", CARELESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def check_core(cases):
    """A fatal signal in the middle of the work leaves no core file; it does leave one of a careless program."""
    folder = cases.work / "core"
    folder.mkdir()
    before = os.getcwd(), resource.getrlimit(resource.RLIMIT_CORE)
    os.chdir(folder)
    try:
        with contextlib.suppress(ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        with careless() as process:
            held = process.stdout.read(32)
            wait_until_idle(process.pid)
            process.send_signal(signal.SIGABRT)
        cores = list(folder.iterdir())
        if not any(held in core.read_bytes() for core in cores):
            cases.leave_out("a fatal signal leaves no core file", "this system writes none into a program's folder")
            return
        for core in cores:
            core.unlink()
        with cases.case("a fatal signal leaves no core file"):
            material = X25519Material()
            identity = cases.file("identity", material.identity_text)
            with Run([cases.evidence, "unseal", "-i", identity], material.sealed(CONTENT)) as run:
                run.wait_for_middle()
                os.kill(run.process.pid, signal.SIGABRT)
                run.go_on.set()
                status = run.process.wait()
            require(status == -signal.SIGABRT, f"the program ended with {status}")
            require(not list(folder.iterdir()), "there is a core file")
    finally:
        os.chdir(before[0])
        resource.setrlimit(resource.RLIMIT_CORE, before[1])


def check_swap(cases):
    """All that the kernel lets be written to swap is written there: content is, keys are not, unless nothing may be
    locked, which shows that they would be found."""
    material = X25519Material()
    sealed = material.sealed(CONTENT)
    words = [cases.evidence, "unseal", "-i", cases.file("identity", material.identity_text)]
    runs = [(f"keys are not in swap{', hidden' if is_hiding else ''}", words, is_hiding)
            for is_hiding in cases.ways("keys are not in swap")]
    for name, command, is_hiding in [*runs, ("keys are in swap if no memory may be locked", UNLOCKED + words, False)]:
        with swap(cases.work / "swap") as path:
            if path is None:
                cases.leave_out(name, "this system takes no swap file")
                continue
            with cases.case(name) as notes, Run(command, sealed, is_hiding) as run:
                is_expected = command != words
                found = swapped(run, path, material, is_expected)
                require(bool(found) == is_expected, f"{len(found)} secrets are in swap")
                notes.append(f"{len(found)} secrets found")


@contextlib.contextmanager
def swap(path):
    # Written in full: space that is only set aside reads as zeros, whatever the kernel swaps to it.
    path.write_bytes(bytes(SWAP))
    os.sync()
    path.chmod(0o600)
    is_on = all(subprocess.run([tool, path], capture_output=True).returncode == 0 for tool in ("mkswap", "swapon"))
    try:
        yield path if is_on else None
    finally:
        if is_on:
            subprocess.run(["swapoff", path], check=True)
        path.unlink()


def swapped(run, path, material, is_expected):
    """The names of the secrets that are in swap once all has been put there that can be: after ten rounds, or once the
    expected ones are there."""
    run.wait_for_middle()
    data, found = b"", []
    for _ in range(100 if is_expected else 10):
        put_into_swap(run.process.pid)
        time.sleep(0.3)
        data = direct(path)
        found = [secret.name for secret in material.secrets if any(piece in data for piece in secret.pieces)]
        if found and CONTENT_MARK in data:
            break
    require(CONTENT_MARK in data, "the content is not in swap, so nothing was put there")
    return found


def put_into_swap(pid):
    # The kernel passes over a page that it has not yet filed, which it does for many at once, or when told to.
    with contextlib.suppress(OSError):
        Path("/proc/sys/vm/compact_memory").write_text("1")
    descriptor = os.pidfd_open(pid)
    libc = ctypes.CDLL(None, use_errno=True)
    for mapping in mappings(pid):
        piece = (ctypes.c_size_t * 2)(mapping.start, mapping.end - mapping.start)
        libc.syscall(PROCESS_MADVISE, descriptor, ctypes.byref(piece), 1, MADV_PAGEOUT, 0)
    os.close(descriptor)


def direct(path):
    """The pages of a file that the disk has and are not all zeros, past what the kernel remembers of it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECT)
    try:
        with mmap.mmap(-1, SWAP) as room:
            os.readv(descriptor, [room])
            pages = (room[start:start + PAGE] for start in range(0, SWAP, PAGE))
            return b"".join(page for page in pages if page != ZEROS)
    finally:
        os.close(descriptor)
