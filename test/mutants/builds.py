# SPDX-License-Identifier: GPL-2.0-or-later
"""The modules of all mutants, by one kbuild; their livepatches, by one kpatch-build each."""
import json
import os
import shutil
import subprocess

TIME_LIMIT = 300    # seconds of one kpatch-build; it takes 3


def build_modules(folder, names, kernel_dir, jobs):
    """One kbuild for all, in copies that keep what it leaves away from the sources."""
    work = folder / 'modules'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name in names:
        shutil.copytree(folder / name / 'old', work / name)
    (work / 'Kbuild').write_text(''.join(f'obj-m += {name}/\n' for name in names))
    done = subprocess.run(['make', '-s', f'-j{jobs}', '-C', f'{kernel_dir}/build', f'M={work}',
                           'KBUILD_MODPOST_WARN=1', 'modules'], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f'mutants: the modules do not build:\n{done.stderr[-3000:]}')
    for name in names:
        shutil.copy(work / name / f'{name}.ko', folder / name / f'{name}.ko')
    shutil.rmtree(work)


def build_livepatch(folder, name, tool, release):
    """(kind, codes or text): built, unchanged, refused, failed."""
    mutant = folder / name
    shutil.rmtree(mutant / 'livepatch', ignore_errors=True)
    command = [tool, '--kernel', release, '-j1', '--json', '--name', f'lp_{name}', '--output', mutant / 'livepatch',
               '--oot-module', mutant / f'{name}.ko', '--oot-module-src', mutant / 'old', mutant / 'fix.patch']
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT * factor(),
                              stdin=subprocess.DEVNULL)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return 'failed', 'did not end in time'
    except ValueError:
        return 'failed', f'exit {done.returncode}, no JSON: {done.stderr[-200:]}'
    (mutant / 'answer.json').write_text(done.stdout)
    errors = [d for d in answer['diagnostics'] if d['severity'] == 'error']
    codes = ' '.join(sorted({d['code'] for d in errors}))
    if done.returncode == 0:
        return 'built', ''
    if done.returncode == 3:
        return 'unchanged', ''
    if done.returncode == 2 and codes and 'KS326' not in codes:
        return 'refused', codes
    return 'failed', f'exit {done.returncode}: ' + '; '.join(f'{d["code"]} {d["message"]}' for d in errors)[:300]


def factor():
    return int(os.environ.get('TIMEOUT_FACTOR', 1))
