"""A time-stamping authority of the stock openssl, in a folder of its own."""
import subprocess

CONFIGURATION = """
[req]
distinguished_name=name
prompt=no
[name]
CN=Sample
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
[signer]
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[authority]
serial=./serial
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
ess_cert_id_alg=sha256
crypto_device=builtin
"""
P256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]


def make_authority(folder, kind):
    """A root, an intermediate, and under that a signer of time-stamps."""
    folder.mkdir()
    (folder / "serial").write_text("01\n")
    (folder / "ca.cnf").write_text(CONFIGURATION)
    new_key = ["req", "-newkey", *kind, "-nodes", "-config", "ca.cnf"]
    openssl(folder, *new_key, "-x509", "-keyout", "root.key", "-out", "root.pem", "-extensions", "ca", "-days", "3650",
            "-subj", "/CN=Sample Root")
    for name, issuer, extensions in [("middle", "root", "ca"), ("signer", "middle", "signer")]:
        openssl(folder, *new_key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN=Sample {name}")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key",
                "-out", f"{name}.pem", "-days", "3000", "-extfile", "ca.cnf", "-extensions", extensions,
                "-CAcreateserial")


def answer(folder, query, path):
    """Writes the answer to a query."""
    openssl(folder, "ts", "-reply", "-config", "ca.cnf", "-section", "authority", "-queryfile", query, "-signer",
            "signer.pem", "-inkey", "signer.key", "-chain", "middle.pem", "-out", path)


def openssl(folder, *words):
    subprocess.run(["openssl", *[str(word) for word in words]], cwd=folder, check=True, capture_output=True,
                   stdin=subprocess.DEVNULL)
