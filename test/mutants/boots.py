# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots of mutants in a VM, many in each boot. The one at which a boot ends is blamed, the rest goes on in the next."""
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPLAINT = r'^(?:guest.sh ended|kernel log: |hang: |leftover: |taint: |the VM ended|QEMU ended).*$'  # judge.sh


def boot(folder, names, release, build):
    """One boot: for each lot the lines of the guest, the last lot, and the complaint about it, if any."""
    test = folder / 'vm' / 'mutants'
    shutil.rmtree(test, ignore_errors=True)
    test.mkdir(parents=True)
    for file in ('host.sh', 'guest.sh'):
        shutil.copy(HERE / 'vm' / file, test)
    (test / 'list').write_text(''.join(f'{name}\n' for name in names))
    environment = dict(os.environ, LOTS=str(folder), KERNEL=release, BUILD=str(build))
    # A boot takes the machine's turn, where there is such a thing.
    command = os.environ.get('VM_TURN', '').split() + [HERE.parent / 'integration' / 'run', '--keep', test]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors='replace',
                          stdin=subprocess.DEVNULL)
    kept = re.findall(r'^kept: (.*)$', done.stdout, re.M)
    if not kept:
        raise SystemExit(f'mutants: the VM could not be started:\n{done.stdout[-2000:]}{done.stderr[-2000:]}')
    kept = Path(kept[-1])
    log = (kept / 'guest.log').read_text(errors='replace').replace('\r', '')
    found, last = parse(log)
    complaints = re.findall(COMPLAINT, done.stdout, re.M)
    if last is None:
        raise SystemExit(f'mutants: no lot was tried in the VM:\n{done.stdout[-3000:]}')
    if complaints:
        shutil.copy(kept / 'kernel.log', folder / last / 'kernel.log')
        (folder / last / 'guest.log').write_text(log[log.rfind(f'@ {last} begin'):])
    shutil.rmtree(kept)
    return found, last, '; '.join(complaints[:3])


def parse(log):
    """'@ LOT begin', '@ LOT first|later MUTANT LINE', '@ LOT first|later exit MUTANT NUMBER', '@ LOT end'."""
    found, last = {}, None
    for line in log.split('\n'):
        match = re.match(r'@ (\w+) (begin|first|later|end) ?(.*)$', line)
        if not match:
            continue
        lot, word, rest = match.group(1), match.group(2), match.group(3).split()
        if word == 'begin':
            found[lot], last = {'end': False, 'mutants': {}}, lot
        elif word == 'end':
            found[lot]['end'] = True
        elif rest:
            take(found[lot]['mutants'], word, rest)
    return found, last


def take(mutants, mode, words):
    """What exit code says is the last line, in one."""
    left = words[0] == 'exit'
    name = words[1 if left else 0]
    lines = mutants.setdefault(name, {'first': [], 'later': [], 'exit first': [], 'exit later': []})
    if left:
        lines[f'exit {mode}'] += words[2:]
    else:
        lines[mode].append(' '.join(words[1:]))


def boot_all(folder, lots, release, build, size):
    """By lot's name: (lines of the guest by mutant, complaint)."""
    results, names = {}, [lot.name for lot in lots]
    while names:
        found, last, complaint = boot(folder, names[:size], release, build)
        for name in list(names[:size]):
            if name in found:
                bad = complaint if name == last else ''
                results[name] = found[name]['mutants'], bad or ('' if found[name]['end'] else 'the VM ended')
                names.remove(name)
    return results
