#!/usr/bin/env python3
"""Memory that is out at each point.

    fail_allocations.py [--stride N] [--seed N] SOCKET MCSH

runs short command lines against the memcached at SOCKET, each again and again with another of its
allocations failing (every Nth, or all of them with --stride 1), and looks at the end:

  - the status is a documented one, no signal and no sanitizer
  - where it is another than without the failure, a message says so, in mcsh's form
  - what was printed is the beginning of what is printed without it, in whole lines, and lacks
    nothing of an answer that was complete: at most the last reply that the trace shows
  - no temporary file is left: what a dump has written is in FILE.part
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

LINES = [
    ['-c', 'set a 1', '-c', 'incr a', '-c', 'get a', '-c', 'delete a', '-c', 'touch b 10'],
    ['--trace', '-c', 'set a 1', '-c', 'set b 2', '-c', 'incr a', '-c', 'delete b', '-c', 'incr a'],
    ['--format=json', '-c', 'set a "{\\"x\\":[1,2,3]}"', '-c', 'get a nope', '-c', 'gets a'],
    ['--format=pretty', '--timing=full', '-c', 'set a "{\\"x\\":[1,2,3]}"', '-c', 'get a nope', '-c', 'stats'],
    ['--format=csv', '-c', 'stats settings', '-c', 'get a b'],
    ['--expect', '<{script}'],
    ['-f', '{script}'],
    ['--format=json', '--trace=hex', '-c', '.raw mg a v', '-c', '.raw bogus', '-c', 'set a', '-c', 'nope'],
    ['-c', 'set a x', '-c', '.dump {work}/dump', '-c', '.load {work}/dump', '-c', '.dump - | wc -l',
     '-c', 'get a > {work}/file'],
    ['--no-rc', '-c', '.help', '-c', '.help set', '-c', '.set', '-c', '.servers'],
    ['-c', 'set --min-compress-len 10 a ' + 'x' * 300, '-c', 'get a', '-c', 'set_multi a 1 b 2', '-c',
     'get_multi a b'],
    ['--protocol=binary', '-c', 'set a 1', '-c', 'get a b', '-c', 'set n 1', '-c', 'delete n', '-c', 'incr --initial 5 n',
     '-c', 'set_multi a 1 b 2'],
    ['-c', 'ms a 1x T90 F5', '-c', 'mg a v f t k', '-c', 'ma n N0 J5 v', '-c', 'me a', '-c', 'md a q',
     '-c', 'mg "a b" v', '-c', 'mn'],
    ['-c', 'set a x', '-c', '.copy --overwrite a b', '-c', '.copy --overwrite a "b c"', '-c', '.edit a'],
    ['-c', '.set undo on', '-c', 'set_multi a 1 b 2 c 3', '-c', 'delete a', '-c', 'delete_multi b c',
     '-c', '.undo 2', '-c', '.purge --match "^[abc]$" --yes', '-c', '.undo', '-c', 'get a b c'],
    ['-c', '.touch a* 90 --yes', '-c', '.keys a*', '-c', '.tree', '-c', '.grep x', '-c', '.peek a',
     '-c', '.why a'],
    ['-c', '.report --html {work}/dump.html', '-c', 'slabs', '-c', 'stats --since'],
    ['-c', '.record {work}/dump.t', '-c', 'get a b', '-c', '.record off', '-c', '.source {script}'],
]

# What these print has times in it.
TIMED = ('.edit', '.undo', '.touch', '.keys', '.report', 'mg a v f t k')

# Files that they may leave.
KEPT = ('dump', 'dump.part', 'dump.html', 'dump.html.part', 'dump.t')

SCRIPT = ''.join(f'set k{i} "value {i}"\nget k{i}\nget k{i} k{i + 1}\nincr k{i}\n' for i in range(8))


# What the first of these printed was answered before the rest began: version waits for it.
ANSWERED = 'get a\n' * 300 + 'version\n'
REST = ''.join('get ' + ' '.join(f'k{i}' for i in range(200 * n)) + '\n' for n in range(1, 6))


class Runner:
    def __init__(self, options, work):
        self.options = options
        self.work = work
        self.shim = os.path.join(work, 'failing.so')
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'failing.c')
        compiler = (os.environ.get('CC') or 'cc').split()
        subprocess.run(compiler + ['-O1', '-shared', '-fPIC', '-o', self.shim, source, '-ldl'], check=True)
        with open(os.path.join(work, 'script'), 'w') as script:
            script.write(SCRIPT)
        for name, text in (('answered', ANSWERED), ('all', ANSWERED + REST)):
            with open(os.path.join(work, name), 'w') as script:
                script.write(text)
        self.counted = os.path.join(work, 'count')

    def run(self, line, at):
        environment = dict(os.environ, LD_PRELOAD=self.shim, FAILING_AT=str(at),
                           FAILING_COUNT=self.counted)
        environment['VISUAL'] = 'sed -i s/x/yz/'
        # The shim stands before the sanitizer's library, and hands on to it.
        environment['ASAN_OPTIONS'] = ':'.join(
            filter(None, [os.environ.get('ASAN_OPTIONS'), 'verify_asan_link_order=0:detect_leaks=0']))
        words = [word.replace('{work}', self.work).replace('{script}', f'{self.work}/script')
                 for word in line]
        if os.path.exists(self.counted):
            os.unlink(self.counted)
        source = words.pop()[1:] if words[-1].startswith('<') else os.devnull
        with open(source, 'rb') as given:
            return subprocess.run([self.options.mcsh, '--no-rc', self.options.socket] + words,
                                  env=environment, stdin=given, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60)

    def left(self):
        """The temporary files that are there."""
        return [name for name in os.listdir(self.work)
                if name.startswith('dump') and name not in KEPT]

    def count(self):
        with open(self.counted) as counted:
            return int(counted.read())


def steady(line, printed):
    """PRINTED without what differs from run to run."""
    if any(word.startswith(('--format=json', '--format=pretty') + TIMED) or 'stats' in word or
           '.dump' in word for word in line):
        return None
    return printed


def judge(line, usual, run):
    """What is wrong with RUN, or None."""
    if run.returncode not in range(6):
        return f'ended with status {run.returncode}'
    if run.returncode != usual.returncode and b'mcsh: ' not in run.stderr:
        return f'status {run.returncode} without a message'
    whole = steady(line, usual.stdout)
    if b'out of memory' not in run.stderr:
        return None
    if run.returncode != 4:
        return f'out of memory with status {run.returncode}'
    if whole is not None and not whole.startswith(run.stdout):
        return f'printed something else: {run.stdout[-200:]!r}'
    if run.stdout and not run.stdout.endswith(b'\n') and whole is not None:
        return f'printed half a line: {run.stdout[-200:]!r}'
    if '--trace' in line:
        came = sum(text.startswith(b'< ') for text in run.stderr.splitlines())
        if run.stdout.count(b'\n') < came - 1:
            return f'{came} answers had come, {run.stdout!r} was printed'
    return None


def lost_answers(runner):
    """Failures after 300 answers have come, none of which may be lost. Yields what is wrong."""
    runner.run(['-c', 'set a 1'], 0)
    for options in [], ['--expect']:
        first = runner.run(options + ['<{work}/answered'], 0)
        begin = runner.count()
        runner.run(options + ['<{work}/all'], 0)
        end = runner.count()
        shown = first.stdout.removesuffix(b'mcsh>\n')
        for at in range(begin + 1, end + 1):
            run = runner.run(options + ['<{work}/all'], at)
            if not run.stdout.startswith(shown):
                yield f'{" ".join(options)} allocation {at} of {end}: {len(run.stdout)} bytes ' \
                      f'printed, {len(shown)} were answered'
        if end <= begin:
            yield 'no allocation was left to fail'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--stride', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('socket')
    parser.add_argument('mcsh')
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix='mcsh-attack.')
    runs = failures = exhausted = 0
    try:
        runner = Runner(options, work)
        for line in LINES:
            runner.run(line, 0)
            usual = runner.run(line, 0)  # the items are as the line leaves them
            last = runner.count()
            for at in range(1 + options.seed % options.stride, last + 1, options.stride):
                run = runner.run(line, at)
                runs += 1
                exhausted += b'out of memory' in run.stderr
                wrong = judge(line, usual, run)
                if runner.left():
                    wrong = f'left {runner.left()}'
                    os.unlink(os.path.join(work, runner.left()[0]))
                if wrong:
                    failures += 1
                    print(f'# {" ".join(line)[:150]}: allocation {at} of {last}: {wrong}\n'
                          f'#   {run.stderr[-600:]!r}', flush=True)
        for wrong in lost_answers(runner):
            failures += 1
            print(f'# answers are lost: {wrong}', flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f'# {runs} failing allocations in {len(LINES)} command lines, {exhausted} ended mcsh, '
          f'{failures} of them wrongly')
    return 1 if failures or runs == 0 or exhausted == 0 else 0


if __name__ == '__main__':
    sys.exit(main())
