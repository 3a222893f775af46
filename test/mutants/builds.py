# SPDX-License-Identifier: GPL-2.0-or-later
"""The modules of all lots, by one kbuild; the livepatch of each lot, without the mutants that were refused."""
import json
import os
import re
import shutil
import subprocess

TIME_LIMIT = 120    # seconds of one kpatch-build, and more per mutant


def build_modules(folder, lots, kernel_dir, jobs):
    """One kbuild for all, in copies that keep what it leaves away from the sources."""
    work = folder / 'modules'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for lot in lots:
        shutil.copytree(lot.folder / 'old', work / lot.name)
    (work / 'Kbuild').write_text(''.join(f'obj-m += {lot.name}/\n' for lot in lots))
    done = subprocess.run(['make', '-s', f'-j{jobs}', '-C', f'{kernel_dir}/build', f'M={work}',
                           'KBUILD_MODPOST_WARN=1', 'modules'], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f'mutants: the modules do not build:\n{done.stderr[-3000:]}')
    for lot in lots:
        shutil.copy(work / lot.name / f'{lot.name}.ko', lot.folder / f'{lot.name}.ko')
    shutil.rmtree(work)


def kpatch_build(lot, names, tool, release):
    """(exit code, JSON, or text if there is none) of a livepatch with those mutants."""
    shutil.rmtree(lot.folder / 'livepatch', ignore_errors=True)
    command = [tool, '--kernel', release, '-j1', '--json', '--name', f'lp_{lot.name}',
               '--output', lot.folder / 'livepatch', '--oot-module', lot.folder / f'{lot.name}.ko',
               '--oot-module-src', lot.folder / 'old', lot.write_diff(names)]
    limit = (TIME_LIMIT + 10 * len(names)) * int(os.environ.get('TIMEOUT_FACTOR', 1))
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, TMPDIR=str(lot.folder)))
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return 1, 'did not end in time'
    except ValueError:
        return 1, f'exit {done.returncode}, no JSON: {done.stderr[-200:]}'
    (lot.folder / 'answer.json').write_text(done.stdout)
    return done.returncode, answer


def blame(answer, names):
    """Codes by the mutant that an error is about (None: no mutant); and the fewest without which none are confused."""
    codes, confused, others = {}, set(), set()
    for entry in answer['diagnostics']:
        if entry['severity'] != 'error':
            continue
        about = re.match(r'(?:\./)?(km\d+)/', entry['file'] or '')
        name = about[1] if about and about[1] in names else None
        told = set(re.findall(r'\b(km\d+)/', ' '.join([entry['message'], *entry['details']])))
        if len(names) == 1:
            codes.setdefault(names[0], set()).add(entry['code'])
        elif name and told - {name}:
            confused.add(name)
            others |= told - {name}
        else:
            codes.setdefault(name, set()).add(entry['code'])
    return codes, min(confused - set(codes), others - set(codes), key=len)


def build_livepatch(lot, tool, release):
    """
    By mutant (kind, codes or text): built, unchanged, refused, failed. Those that aren't clear are missing.
    KS112 in a lot isn't clear: each mutant has a file u0.c, and the tool may not know the symbols of which it sees.
    """
    alive, verdicts = list(lot.by_name), {}
    while alive:
        code, answer = kpatch_build(lot, alive, tool, release)
        if code == 0:
            units = {unit.split('/')[0] for of in answer['manifest']['objects'] for unit in of['units']}
            return verdicts | {name: ('built' if name in units else 'unchanged', '') for name in alive}
        if code == 3:
            return verdicts | {name: ('unchanged', '') for name in alive}
        codes, confused = blame(answer, alive) if code == 2 else ({}, set())
        if None in codes or any('KS326' in of for of in codes.values()) or not (codes or confused):
            text = answer if isinstance(answer, str) else f'exit {code}: ' + '; '.join(
                f'{d["code"]} {d["message"]}' for d in answer['diagnostics'] if d['severity'] == 'error')
            return {alive[0]: ('failed', text[:300])} if len(lot.mutants) == 1 else {}
        verdicts |= {name: ('refused', ' '.join(sorted(of))) for name, of in codes.items()
                     if of != {'KS112'} or len(lot.mutants) == 1}
        alive = [name for name in alive if name not in codes and name not in confused]
    return verdicts
