# SPDX-License-Identifier: GPL-2.0-or-later
"""Mutants in a VM, many in each boot. The one at which a boot ends is wrong, the rest goes on in the next."""
import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPLAINT = r'^(?:guest.sh ended|kernel log: |hang: |leftover: |taint: |the VM ended|QEMU ended).*$'  # judge.sh


def boot(folder, names, release, build):
    """One boot: for each mutant the lines of the guest by mode, and the complaint about the last one, if any."""
    test = folder / 'vm' / 'mutants'
    shutil.rmtree(test, ignore_errors=True)
    test.mkdir(parents=True)
    for file in ('host.sh', 'guest.sh'):
        shutil.copy(HERE / 'vm' / file, test)
    (test / 'list').write_text(''.join(f'{name}\n' for name in names))
    environment = dict(os.environ, MUTANTS=str(folder), KERNEL=release, BUILD=str(build))
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
        raise SystemExit(f'mutants: no mutant was tried in the VM:\n{done.stdout[-3000:]}')
    if complaints:
        shutil.copy(kept / 'kernel.log', folder / last / 'kernel.log')
        (folder / last / 'guest.log').write_text(log[log.rfind(f'@ {last} begin'):])
    shutil.rmtree(kept)
    return found, last, '; '.join(complaints[:3])


def parse(log):
    """'@ NAME begin', '@ NAME first LINE', '@ NAME later LINE', '@ NAME end'."""
    found, last = {}, None
    for line in log.split('\n'):
        match = re.match(r'@ (\w+) (begin|first|later|end) ?(.*)$', line)
        if not match:
            continue
        name, word, rest = match.groups()
        if word == 'begin':
            found[name], last = {'first': [], 'later': []}, name
        elif word == 'end':
            found[name]['end'] = True
        else:
            found[name][word].append(' '.join(rest.split()))
    return found, last


def boot_all(folder, names, release, build, size, report):
    """report(name, lines of the guest, complaint) for each."""
    names = list(names)
    while names:
        found, last, complaint = boot(folder, names[:size], release, build)
        for name in list(names[:size]):
            if name in found:
                bad = complaint if name == last else ''
                report(name, found[name], bad or ('' if 'end' in found[name] else 'the VM ended'))
                names.remove(name)
