"""Certificates for the tests of TLS, made by the openssl command in a directory of the test's own.

    from certificates import Authority
    ours = Authority("Test CA")
    ours.file                                            its certificate
    cert, key = ours.sign("server", "localhost", "DNS:localhost,IP:127.0.0.1")
    cert, key = ours.sign("old", "localhost", "DNS:localhost", "20200101000000Z", "20210101000000Z")
    TlsMemcached(cert, key).port
"""

import os
import subprocess

from tap import Memcached, start, work

CONFIG = """
[ca]
default_ca = here
[here]
database = %(place)s/index
new_certs_dir = %(place)s
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def new_key(path):
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
    return path


class Authority:
    serial = 0

    def __init__(self, name):
        Authority.serial += 1
        self.place = os.path.join(work, "authority.%d" % Authority.serial)
        os.mkdir(self.place)
        self.file = self.path("ca.pem")
        self.key = new_key(self.path("ca.key"))
        openssl("req", "-x509", "-key", self.key, "-out", self.file, "-subj", "/CN=" + name)
        with open(self.path("config"), "w", encoding="ascii") as file:
            file.write(CONFIG % {"place": self.place})
        open(self.path("index"), "w").close()

    def path(self, name):
        return os.path.join(self.place, name)

    def sign(self, file, name, names, begin="20200101000000Z", end="20900101000000Z"):
        """A certificate for NAME and the alternative NAMES, and its key: two paths."""
        key, request, cert = (self.path(file + end) for end in (".key", ".csr", ".pem"))
        new_key(key)
        extensions = ["-addext", "subjectAltName=" + names] if names else []
        openssl("req", "-new", "-key", key, "-out", request, "-subj", "/CN=" + name, *extensions)
        openssl("ca", "-batch", "-notext", "-config", self.path("config"), "-cert", self.file,
                "-keyfile", self.key, "-in", request, "-out", cert,
                "-startdate", begin, "-enddate", end)
        return cert, key


def self_signed(file, name):
    key, cert = (os.path.join(work, file + end) for end in (".key", ".pem"))
    new_key(key)
    openssl("req", "-x509", "-key", key, "-out", cert, "-subj", "/CN=" + name,
            "-addext", "subjectAltName=DNS:" + name)
    return cert, key


class TlsMemcached(Memcached):
    """A memcached on 127.0.0.1 that talks TLS; OPTIONS are such as of its -o, ARGUMENTS of its own."""

    def __init__(self, cert, key, *options, arguments=()):
        Memcached.serial += 1
        told = os.path.join(work, "port.%d" % Memcached.serial)
        user = ["-u", "root"] if os.geteuid() == 0 else []
        files = "ssl_chain_cert=%s,ssl_key=%s" % (cert, key)
        self.process = start(
            ["memcached", "-Z", "-l", "127.0.0.1", "-p", "-1", "-U", "0", *user, *arguments,
             "-o", ",".join((files, *options))],
            lambda: os.path.exists(told) and os.path.getsize(told) > 0,
            env={**os.environ, "MEMCACHED_PORT_FILENAME": told},
            stderr=subprocess.DEVNULL,
        )
        with open(told, encoding="ascii") as file:
            self.port = int(next(line for line in file if line.startswith("TCP")).split()[-1])
        self.address = "tls://127.0.0.1:%d" % self.port
