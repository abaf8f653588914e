"""What the jobs of tests/bench/run share: programs, sizes, a directory, and runs of commands."""

import os
import shutil
import subprocess

from measure import Failed, Sample, section

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


class Bench:
    """The programs, the sizes and a directory of its own."""

    def __init__(self, work, build, rounds, quick):
        self.work, self.build, self.rounds, self.quick = work, build, rounds, quick
        self.size = 100_000 if quick else 1_000_000
        self.mcsh = os.path.join(build, "mcsh")
        self.out = self.path("out")
        self.told = []

    def tell(self, text):
        print(text + "\n", flush=True)
        self.told.append(text)

    def show(self, title, rows, unit="s"):
        self.tell(section(title, rows, unit))

    def path(self, name):
        return os.path.join(self.work, name)

    def program(self, name, *more, static=False, core=False):
        """Compiles tests/bench/NAME.c unless it is there; returns where it is."""
        path = self.path(name + ("-static" if static else ""))
        if not os.path.exists(path):
            command = os.environ.get("CC", "cc").split() + ["-std=c17", "-D_GNU_SOURCE", "-O2"]
            command += ["-static"] if static else []
            command += ["-o", path] + [os.path.join(HERE, f + ".c") for f in (name, *more)]
            if core:
                command += ["-I" + os.path.join(TOP, "src")]
                command += [os.path.join(self.build, "src/libcore.a"), "-lmd", "-lutf8proc", "-lz", "-lpthread"]
            subprocess.run(command, check=True)
        return path

    def workload(self, kind, count):
        """A file of tests/bench/workload.c; returns where it is."""
        path = self.path(f"{kind}.{count}")
        if not os.path.exists(path):
            with open(path, "wb") as file:
                subprocess.run(
                    [self.program("workload"), kind, str(count)], stdout=file, check=True
                )
        return path

    def spawn(self, commands, rounds=1, stdin="/dev/null", statuses=(0,)):
        """Runs commands in turn, rounds times, what they print into self.out; returns the Samples
        of each command."""
        program = self.program("spawn", static=True)
        joined = [word for command in commands for word in ["--", *command]][1:]
        result = subprocess.run(
            [program, str(rounds), stdin, self.out, *joined],
            capture_output=True,
            text=True,
            check=False,
        )
        samples = [[] for _ in commands]
        for line in result.stdout.splitlines():
            which, wall, cpu, peak, status = map(int, line.split())
            if status not in statuses:
                told = result.stderr.strip().splitlines() or [f"ended with status {status}"]
                raise Failed(told[-1])
            samples[which].append(Sample(wall / 1e6, cpu / 1e6, peak / 1024))
        if result.returncode != 0:
            raise Failed(result.stderr.strip())
        return samples

    def once(self, command, **more):
        """Runs one command; returns its Sample."""
        find(command[0])
        return self.spawn([command], **more)[0][0]

    def numbers(self, command, environment=()):
        """The numbers that a program of this folder prints."""
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **dict(environment)},
        )
        if ran.returncode != 0:
            raise Failed(ran.stderr.strip().splitlines()[-1])
        return [float(word) for word in ran.stdout.split()]

    def stream(self, server, workload, *more):
        """Sends a workload through the limit program; returns its Sample."""
        program = self.program("limit_stream", "dial", static=True)
        return self.once([program, server.address, workload, *more])


def find(program):
    if shutil.which(program) is None:
        raise Failed("not installed")


def joined(path, workload, before, after=""):
    """Makes the file of a workload with text before and after it."""
    with open(workload, "rb") as source, open(path, "wb") as file:
        file.write(before.encode())
        shutil.copyfileobj(source, file)
        file.write(after.encode())


def same_file(path, expected):
    if subprocess.run(["cmp", "-s", path, expected], check=False).returncode != 0:
        raise Failed("printed something else than it should")
