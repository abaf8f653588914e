#!/usr/bin/python3
"""TLS: Debian's memcached with -Z, and servers that do what no memcached can be brought to do."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

from certificates import Authority, TlsMemcached, openssl, self_signed
from tap import MCSH, Memcached, Tap, start, work

tap = Tap()
ours, other = Authority("Test CA"), Authority("Other CA")
CERT, KEY = ours.sign("server", "localhost", "DNS:localhost,IP:127.0.0.1")


class Fake:
    """Accepts connections, one after the other, and lets HANDLE(socket) have each."""

    def __init__(self, handle, cert=CERT, key=KEY, change=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        if change:
            change(self.context)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.handle = handle
        self.accepted = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            plain, _ = self.listener.accept()
            self.accepted += 1
            try:
                self.handle(self.shake(plain))
            except OSError:
                pass
            plain.close()

    def shake(self, plain):
        return self.context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=True)


class Plain(Fake):
    def shake(self, plain):
        return plain


def mcsh(port, *arguments, ca=ours.file, host="localhost", stdin=b"", text=True, env=None):
    trust = ["--tls-ca", ca] if ca else []
    done = subprocess.run(
        [MCSH, "--no-rc", "--connect-timeout=20s", "tls://%s:%d" % (host, port), *trust, *arguments],
        input=stdin, capture_output=True, timeout=60, env={**os.environ, **(env or {})},
    )
    out, err = done.stdout, done.stderr
    return (done.returncode, out.decode(), err.decode()) if text else (done.returncode, out, err)


def lost(name, want, port, *arguments, status=4, **options):
    """One command, of which nothing comes but an error; HOST and PORT stand for the server."""
    code, out, err = mcsh(port, *arguments, "-c", "get foo", **options)
    err = err.replace("tls://%s:%d" % (options.get("host", "localhost"), port), "SERVER")
    err = re.sub(r"It is \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC here", "It is NOW here", err)
    tap.same(name, (status, "", "mcsh: " + want + "\n"), (code, out, err))


def request(connection):
    """A line, or as much of it as comes."""
    line = b""
    while not line.endswith(b"\r\n"):
        piece = connection.recv(1)
        if not piece:
            break
        line += piece
    return line


def answer(connection):
    """Answers each get by a miss, and whatever else as a version."""
    while line := request(connection):
        connection.sendall(b"END\r\n" if line.startswith(b"get ") else b"VERSION 1.6.18\r\n")


# What works.

server = TlsMemcached(CERT, KEY, arguments=("-I", "16m", "-m", "256"))
if "this mcsh was built without TLS: build it with OpenSSL" in mcsh(server.port, "-c", "get foo")[2]:
    print("1..0 # SKIP mcsh was configured --without-openssl")
    sys.exit(0)
tap.same("a set and a get by name", (0, "STORED\nbar\n", ""),
         mcsh(server.port, "-c", "set foo bar", "-c", "get foo"))
tap.same("a get by address, which the certificate has, too", (0, "bar\n", ""),
         mcsh(server.port, "-c", "get foo", host="127.0.0.1"))
environment = {"MEMCACHED_SERVERS": "tls://localhost:%d" % server.port}
done = subprocess.run([MCSH, "--no-rc", "--tls-ca", ours.file, "-c", "get foo"],
                      capture_output=True, env={**os.environ, **environment}, check=False)
tap.same("MEMCACHED_SERVERS with tls://", (0, b"bar\n"), (done.returncode, done.stdout))
done = subprocess.run([MCSH, "--no-rc", "--tls", "--tls-ca", ours.file,
                       "127.0.0.1:%d" % server.port, "-c", "get foo"], capture_output=True, check=False)
tap.same("--tls with an address that names no transport", (0, b"bar\n"),
         (done.returncode, done.stdout))
done = subprocess.run([MCSH, "--no-rc", "--sandbox", "-c", ".set tls_ca " + ours.file,
                       "-c", ".connect tls://localhost:%d" % server.port, "-c", "get foo"],
                      capture_output=True, check=False)
tap.same(".connect tls://", (0, b"bar\n"), (done.returncode, done.stdout))
named = Fake(answer, *ours.sign("named", "cache.example.org", "DNS:cache.example.org"))
tap.same("--tls-name in place of the address", (1, "", ""),
         mcsh(named.port, "--tls-name", "cache.example.org", "-c", "get foo", host="127.0.0.1"))
tap.same("the certificate of the server itself may be what is trusted", (0, "bar\n", ""),
         mcsh(server.port, "-c", "get foo", ca=CERT))
tap.same("the trust store of the system is used by default", (0, "bar\n", ""),
         mcsh(server.port, "-c", "get foo", ca=None, env={"SSL_CERT_FILE": ours.file}))
line = "TLS 1.3, AES-256-GCM, CN=localhost"
tap.same(".servers shows the transport", line,
         mcsh(server.port, "-c", ".servers")[1].rstrip("\n").split("\t")[-1])
tap.ok(".servers as json has it", '"transport":"%s"' % line in
       mcsh(server.port, "--format", "json", "-c", ".servers")[1])
tap.ok(".servers for eyes has it below the table", "\n1: %s\n" % line in
       mcsh(server.port, "--format", "pretty", "-c", ".servers")[1])
status, out, _ = mcsh(server.port, "--insecure", "-c", ".servers", ca=other.file)
tap.same("an insecure one says so", (0, line + ", not checked"),
         (status, out.rstrip("\n").split("\t")[-1]))
linked = subprocess.run(["ldd", MCSH], capture_output=True, text=True, check=True).stdout
tap.ok("libssl is not linked", "libssl" not in linked and "libcrypto" not in linked, linked)

commands = "".join("set key%d %s\nget key%d\n" % (i, "v" * (1 + i % 300), i) for i in range(3000))
plain = Memcached()
done = subprocess.run([MCSH, "--no-rc", plain.address], input=commands.encode(),
                      capture_output=True, check=False)
tap.same("a script over TLS prints what one over TCP does", (0, done.stdout, b""),
         mcsh(server.port, stdin=commands.encode(), text=False))
tap.same("noreply commands are fenced, then read", (0, "2999\n", ""),
         mcsh(server.port, "-f", "-", stdin=b"set --noreply n 0\n" + 2999 * b"incr --noreply n 1\n"
              + b"get n\n"))
big = os.path.join(work, "big")
with open(big, "wb") as file:
    file.write(os.urandom(9000000))
status, out, err = mcsh(server.port, "--format", "raw", "-c", "set --file %s big" % big,
                        "-c", "get big", text=False)
with open(big, "rb") as file:
    tap.ok("nine million bytes go and come back", (status, err) == (0, b"") and
           out.endswith(file.read()), status, err, len(out))
dump = os.path.join(work, "dump")
status, _, err = mcsh(server.port, "-c", "delete big", "-c", ".dump %s" % dump)
tap.same("a dump over TLS", (0, ""), (status, err))
status, out, err = mcsh(server.port, "-c", "flush_all", "-c", ".load %s" % dump, "-c", "get key2999")
tap.ok("a load over TLS", status == 0 and "items\t3002\n" in out and out.endswith("v" * 300 + "\n"),
       status, out[-500:], err)
tap.same("quit ends the connection, and that is its answer", (0, "", ""), mcsh(server.port, "-c", "quit"))

# Who is not believed.

def presents(cert, key):
    return Fake(answer, cert, key).port


lost("an authority that is not ours",
     'cannot connect to SERVER: the certificate of "localhost" is signed by "Test CA", which is '
     "not trusted by %s: --tls-ca FILE names the certificate of the authority that signed it"
     % other.file, server.port, ca=other.file)
lost("an authority that the system does not know",
     'cannot connect to SERVER: the certificate of "localhost" is signed by "Test CA", which is '
     "not trusted: --tls-ca FILE names the certificate of the authority that signed it",
     server.port, ca=None)
lost("another name",
     "cannot connect to SERVER: its certificate is for a.example.org, 10.0.0.1, not for localhost: "
     "connect by a name that it has, or give that by --tls-name",
     presents(*ours.sign("name", "a.example.org", "DNS:a.example.org,IP:10.0.0.1")))
lost("an address that the certificate does not have",
     "cannot connect to SERVER: its certificate is for localhost, not for 127.0.0.1: "
     "connect by a name that it has, or give that by --tls-name",
     presents(*ours.sign("only", "localhost", "DNS:localhost")), host="127.0.0.1")
lost("a name that is only in the common name counts where there is no list",
     "cannot connect to SERVER: its certificate is for cache.example.org, not for localhost: "
     "connect by a name that it has, or give that by --tls-name",
     presents(*ours.sign("common", "cache.example.org", "")))
lost("a certificate that has expired",
     'cannot connect to SERVER: the certificate of "localhost" expired on 2021-01-01 00:00:00 UTC: '
     "is the clock of this machine right? It is NOW here",
     presents(*ours.sign("old", "localhost", "DNS:localhost", end="20210101000000Z")))
lost("a certificate that is not valid yet",
     'cannot connect to SERVER: the certificate of "localhost" is not valid before 2080-01-01 '
     "00:00:00 UTC: is the clock of this machine right? It is NOW here",
     presents(*ours.sign("new", "localhost", "DNS:localhost", "20800101000000Z")))
lost("a certificate that signed itself",
     'cannot connect to SERVER: the certificate of "localhost" is self-signed: --tls-ca FILE '
     "trusts it, where FILE is that certificate", presents(*self_signed("self", "localhost")))
cert, key = ours.sign("evil", r"\e[31m", "DNS:evil")
status, _, err = mcsh(presents(cert, key), "-c", "get foo", ca=other.file)
tap.ok("no byte of a certificate drives the terminal", status == 4 and "\x1b" not in err, err)
status, out, err = mcsh(presents(*ours.sign("old", "x", "", end="20210101000000Z")), "--insecure",
                        "-c", "get foo", ca=None)
tap.same("--insecure believes it, and says so first", (1, "", (
    "mcsh: warning: --insecure: certificates are not checked, and whoever is on the way can read "
    "and change everything: --tls-ca FILE trusts an authority of your own\n")), (status, out, err))

# A client's certificate.

strict = TlsMemcached(CERT, KEY, "ssl_verify_mode=3", "ssl_ca_cert=" + ours.file)
mine, mine_key = ours.sign("client", "me", "DNS:me")
theirs, theirs_key = other.sign("client", "me", "DNS:me")
wants = ("SERVER: it wants a client's certificate: give one by --tls-cert FILE and --tls-key FILE")
status, _, err = mcsh(strict.port, "-c", "get foo")
tap.ok("TLS 1.3: a client's certificate is wanted", status == 4 and
       "it wants a client's certificate: give one by --tls-cert FILE and --tls-key FILE" in err, err)
tap.same("a client's certificate is shown", (1, "", ""),
         mcsh(strict.port, "--tls-cert", mine, "--tls-key", mine_key, "-c", "get foo"))
both = os.path.join(work, "both.pem")
with open(both, "w") as file:
    file.write(open(mine).read() + open(mine_key).read())
tap.same("a client's certificate and its key in one file", (1, "", ""),
         mcsh(strict.port, "--tls-cert", both, "-c", "get foo"))
status, _, err = mcsh(strict.port, "--tls-cert", theirs, "--tls-key", theirs_key, "-c", "get foo")
tap.ok("a client's certificate of another authority is refused by the server", status == 4 and
       "it does not trust who signed the client's certificate: --tls-cert takes one that the "
       "server's authority signed" in err, err)


def require(version):
    def change(context):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(ours.file)
        context.maximum_version = version
    return change


lost("TLS 1.2: a client's certificate is wanted", "cannot connect to " + wants,
     Fake(answer, change=require(ssl.TLSVersion.TLSv1_2)).port)

# Files.

lost("an authority's file that is not there",
     'cannot read the authorities\' certificates in "/nosuch": No such file or directory: '
     "--tls-ca takes a file in PEM format", server.port, ca="/nosuch")
lost("a key of another certificate",
     'the key in "%s" is not that of the certificate in "%s": name the two files that belong '
     "together" % (theirs_key, mine), server.port, "--tls-cert", mine, "--tls-key", theirs_key)
lost("a key without a certificate",
     'the key "%s" has no certificate: give its certificate, too: --tls-cert FILE' % mine_key,
     server.port, "--tls-key", mine_key)
secret = os.path.join(work, "secret.key")
openssl("pkey", "-in", mine_key, "-out", secret, "-aes256", "-passout", "pass:secret")
lost("a key that is encrypted asks nobody",
     'the key in "%s" is encrypted: openssl pkey -in FILE -out PLAIN decrypts it; keep PLAIN '
     "private" % secret, server.port, "--tls-cert", mine, "--tls-key", secret)
empty = os.path.join(work, "empty")
os.mkdir(empty)
open(os.path.join(empty, "libssl.so.3"), "w").close()
status, _, err = mcsh(server.port, "-c", "get foo", env={"LD_LIBRARY_PATH": empty})
tap.ok("a libssl that cannot be loaded", status == 4 and err.startswith(
    "mcsh: TLS needs libssl.so.3, which cannot be loaded: ") and err.endswith(
    ": install OpenSSL (Debian: apt install libssl3)\n"), err)
done = subprocess.run([MCSH, "--no-rc", plain.address, "--tls-ca", ours.file, "-c", "get foo"],
                      capture_output=True, text=True, check=False)
tap.same("an option of TLS without TLS sends nothing",
         (2, "", "mcsh: --tls-ca is for TLS, and no server is talked to by TLS: give --tls, too, or "
          "write tls://HOST:PORT\n"), (done.returncode, done.stdout, done.stderr))

# Who does not speak TLS, or not as it should.

def says(text):
    def handle(connection):
        connection.recv(1)
        connection.sendall(text)
    return Plain(handle).port


def silent(connection):
    while connection.recv(65536):
        pass


lost("memcached without TLS", "cannot connect to SERVER: that is memcached without TLS: leave out "
     "--tls or tls:// for it", says(b"ERROR\r\n"))
port_hint = "is it a TLS port? leave out --tls or tls:// for one that is not"
lost("a web server", "cannot connect to SERVER: that is a web server: " + port_hint,
     says(b"HTTP/1.1 400 Bad Request\r\n"))
lost("anything else", "cannot connect to SERVER: it answers something else than TLS: " + port_hint,
     says(b"hello there\r\n"))
lost("silence", "cannot connect to SERVER: no answer to the TLS handshake in time: is it a TLS port? "
     "a memcached without -Z stays silent: leave out --tls or tls://", Plain(silent).port,
     "--connect-timeout", "200ms")
lost("a close in the handshake", "cannot connect to SERVER: it closed the connection in the TLS "
     "handshake: " + port_hint, Plain(lambda c: c.recv(1)).port)


def old_versions(context):
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1


lost("TLS 1.1 alone", "cannot connect to SERVER: it speaks neither TLS 1.2 nor 1.3: older versions "
     "are not safe: the server must be brought up to date", Fake(answer, change=old_versions).port)
done = subprocess.run([MCSH, "--no-rc", "127.0.0.1:%d" % server.port, "-c", "get foo"],
                      capture_output=True, text=True, check=False)
tap.same("plain text to a TLS port", (4, "mcsh: 127.0.0.1:%d closed the connection without an answer: "
         "the next command connects again; whether this one was carried out is unknown; if that ends so "
         "too, is it a TLS port? --tls\n"
         % server.port), (done.returncode, done.stderr))
alert = Plain(lambda c: c.sendall(b"\x15\x03\x03\x00\x02\x02\x46"))
done = subprocess.run([MCSH, "--no-rc", "127.0.0.1:%d" % alert.port, "-c", "get foo"],
                      capture_output=True, text=True, check=False)
tap.same("plain text to a TLS port that says so", (4, "mcsh: 127.0.0.1:%d is a TLS port: --tls talks "
         "TLS to it, and so does tls:// before its name\n" % alert.port), (done.returncode, done.stderr))

# How connections end and go on.

def drop(before=b"", notify=False, wait=0):
    """Reads a request, sends BEFORE, and closes, with TLS's own end or without."""
    def handle(connection):
        request(connection)
        connection.sendall(before)
        if notify:
            connection.settimeout(wait)
            try:
                connection.unwrap()
            except OSError:
                pass
    return Fake(handle).port


cut = ("SERVER closed the connection without TLS's own end (close_notify): the server died, or the "
       "connection was cut on the way; the next command connects again")
lost("a connection that is cut", cut, drop())
lost("a connection that is cut in an answer", cut, drop(b"VALUE foo 0 3\r\nb"))
again = ": the next command connects again; whether this one was carried out is unknown"
lost("an end in order, and no more of the connection", "SERVER closed the connection in the middle "
     "of its answer" + again, drop(b"VALUE foo 0 3\r\nb", True, 5))


with socket.create_server(("127.0.0.1", 0)) as probe:
    port = probe.getsockname()[1]
s_server = subprocess.Popen(
    ["openssl", "s_server", "-accept", str(port), "-cert", CERT, "-key", KEY, "-tls1_2"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
while b"ACCEPT" not in s_server.stdout.readline():
    pass
child = subprocess.Popen(
    [MCSH, "--no-rc", "tls://localhost:%d" % port, "--tls-ca", ours.file, "-c", "get foo"],
    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
while b"get foo" not in s_server.stdout.readline():
    pass
s_server.stdin.write(b"R\n")
s_server.stdin.flush()
out, err = child.communicate()
s_server.kill()
tap.same("a server that asks to renegotiate", (4, b"", b"mcsh: lost tls://localhost:%d: it asked to "
         b"renegotiate TLS, which is refused: that is not safe: the server must not ask for it\n"
         % port), (child.returncode, out, err))


def piecemeal(connection):
    """Every byte in a record of its own."""
    while request(connection):
        for byte in b"VALUE foo 0 3\r\nbar\r\nEND\r\n":
            connection.sendall(bytes([byte]))


tap.same("an answer of a byte a record", (0, "bar\n", ""),
         mcsh(Fake(piecemeal).port, "-c", "get foo"))


def once(connection):
    line = request(connection)
    connection.sendall(b"END\r\n" if line.startswith(b"get ") else b"VERSION 1.6.18\r\n")
    connection.unwrap()


fake = Fake(answer)
script = [MCSH, "--no-rc", "tls://localhost:%d" % fake.port, "--tls-ca", ours.file]
child = subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
for _ in range(4):
    child.stdin.write(b"get foo\n")
    child.stdin.flush()
    time.sleep(0.05)
_, err = child.communicate()
tap.same("session tickets are not taken for an end: one connection serves all", (1, b"", 1),
         (child.returncode, err, fake.accepted))
fake = Fake(once)
script[2] = "tls://localhost:%d" % fake.port
child = subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
for _ in range(3):
    child.stdin.write(b"get foo\n")
    child.stdin.flush()
    time.sleep(0.1)
_, err = child.communicate()
tap.same("a connection that ended while it was idle is opened again, handshake and all", (1, b"", 3),
         (child.returncode, err, fake.accepted))

def late(connection):
    """Ends when the client has ceased to look."""
    connection.sendall(b"END\r\n" if request(connection) else b"")
    time.sleep(0.3)
    connection.unwrap()


fake = Fake(late)
tap.same("a connection that ended while a program ran is opened again: nothing is lost on it",
         (1, "", "", 2), (*mcsh(fake.port, "-c", "get foo", "-c", ".echo | sleep 1", "-c", "get foo"),
                          fake.accepted))

# 127 records of 16 KiB and one of 8, which are 16 reads of two megabytes less half a record: what is
# left of the last one has been decrypted, and poll(2) does not see it.
STAT = b"STAT n 1234567\r\n"
LAST = STAT * 511 + b"STAT a 12\r\nEND\r\n"
reader = []


def records(half):
    def handle(connection):
        request(connection)
        connection.sendall(STAT * 1000000 + LAST)  # the kernel grows its buffers
        request(connection)
        time.sleep(0.1)
        os.kill(reader[-1].pid, signal.SIGSTOP)
        try:
            connection.sendall(STAT * (65536 * half - 1024))
            connection.sendall(STAT * 512)
            connection.sendall(STAT * 512 + LAST)
        finally:
            os.kill(reader[-1].pid, signal.SIGCONT)
        request(connection)
    return handle


for half in (1, 2):  # whichever the size of the buffer is
    reader.append(subprocess.Popen(
        [MCSH, "--no-rc", "tls://localhost:%d" % Fake(records(half)).port, "--tls-ca", ours.file,
         "--timeout", "1m", "-c", "stats", "-c", "stats"], stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    try:
        out, err = reader[-1].communicate(timeout=20)
    except subprocess.TimeoutExpired:
        reader[-1].kill()
        out, err = reader[-1].communicate()
    tap.same("an answer of %d MiB that ends within a record is read to its end" % half, (0, b"", True),
             (reader[-1].returncode, err, out.endswith(b"a\t12\n")))


def flood(connection):
    request(connection)
    while True:
        connection.sendall(b"STAT n 1\r\n" * 6000)


begin = time.monotonic()
with subprocess.Popen([MCSH, "--no-rc", "tls://localhost:%d" % Fake(flood).port, "--tls-ca", ours.file,
                       "-c", ".raw --for 300ms stats"], stdout=subprocess.DEVNULL) as child:
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
tap.ok("a server that is faster than mcsh does not keep it from its deadline",
       child.returncode == 0, child.returncode, time.monotonic() - begin)

taken = []


def lazy(connection):
    """Reads nothing for a while, then all of it."""
    time.sleep(0.5)
    line = request(connection)
    left = int(line.split()[4]) + 2
    got = bytearray()  # bytes would be copied whole for each piece: seconds, on a busy machine
    while len(got) < left:
        got += connection.recv(65536)
    taken.append(bytes(got[:-2]))
    connection.sendall(b"STORED\r\n")
    request(connection)


status, out, err = mcsh(Fake(lazy).port, "--timeout", "50s", "-c", "set --file %s foo" % big)
with open(big, "rb") as file:
    tap.ok("what the socket does not take at once is sent whole", (status, out, err) ==
           (0, "STORED\n", "") and taken == [file.read()], status, out, err)

status, out, err = mcsh(server.port, "--format", "plain", "-c", ".servers --long")
rows = {row[2]: row[3:] for row in (line.split("\t") for line in out.splitlines())}
tap.ok(".servers --long goes over TLS, and says which", rows["tls"][0] == "yes" and
       rows["tls"][1].startswith("TLS 1.3, ") and rows["watch"][0] == "yes", status, out, err)

tap.done()
