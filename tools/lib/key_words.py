"""The words of a public key, as its owner reads them out."""
import subprocess


def words_of(evidence, key):
    told = subprocess.run([evidence, "key", "words", key], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return told.stdout.decode().split("\n")[0]
