# SPDX-License-Identifier: GPL-2.0-or-later
"""One mutant: motifs drawn by lot, some of them edited, and the files that come of it."""
import json
import random
import re
import subprocess
from pathlib import Path

import motifs_code
import motifs_shared
import motifs_state
import motifs_types
from motif import Names
from reference import Reference
from sources import Sources, constants, has_conflict

MOTIFS = motifs_state.MOTIFS + motifs_code.MOTIFS + motifs_types.MOTIFS + motifs_shared.MOTIFS
WORST = ('can', 'may', 'cannot', 'nolink')


def all_edits():
    return [(motif, edit) for motif in MOTIFS for edit in motif.edits]


def edit_name(motif, edit):
    return f'{type(motif).__name__ if not isinstance(motif, type) else motif.__name__}: {edit}'


class Mutant:
    def __init__(self, seed, number):
        """Each kind of edit has its turn; what goes with it is drawn."""
        self.name, self.number = f'km{number:04}', number
        pairs = all_edits()
        random.Random(seed).shuffle(pairs)
        self.main_edit = pairs[number % len(pairs)]
        for attempt in range(20):
            if self.draw(random.Random(f'{seed} {number} {attempt}')):
                return
        raise RuntimeError(f'{self.name}: no mutant without a conflict of names')

    def draw(self, rng):
        self.units = rng.choice([2, 2, 3])
        names = Names(rng, self.number)
        kinds = [self.main_edit[0]] + rng.choices(MOTIFS, k=rng.randrange(1, 4))
        self.motifs = [kind(rng, f'k{self.number}m{n}', self.units, names) for n, kind in enumerate(kinds)]
        more = rng.choice([0, 0, 0, 1, 1, 2])
        edits = {0: self.main_edit[1]}
        for n in rng.sample(range(1, len(kinds)), min(more, len(kinds) - 1)):
            edits[n] = rng.choice(list(kinds[n].edits))
        params = [m.edited(edits[n]) if n in edits else m.params for n, m in enumerate(self.motifs)]
        self.edits = [edit_name(self.motifs[n], edit) for n, edit in edits.items()]
        self.verdict = max((self.motifs[n].edits[edit][0] for n, edit in edits.items()), key=WORST.index)
        if rng.random() < 0.15:
            self.reorder(params, rng)
        old = [m.part(m.params) for m in self.motifs]
        new = [m.part(p) for m, p in zip(self.motifs, params)]
        if has_conflict(self.units, old) or has_conflict(self.units, new):
            return False
        self.write_texts(old, new, rng)
        return self.old != self.new

    def reorder(self, params, rng):
        """The functions of a motif go elsewhere in their file."""
        n = rng.randrange(len(params))
        params[n] = dict(params[n], order=rng.random())
        self.edits.append('functions in other order')

    def write_texts(self, old, new, rng):
        noise = {}
        if rng.random() < 0.5 or any(part.traps for part in new):
            noise = {(unit, n): rng.randrange(3, 12) for unit in range(self.units)
                     for n in range(4) if rng.random() < 0.4}
        comments = [{}, noise] if rng.random() < 0.7 else [noise, {}]
        before = Sources(self.name, self.units, old, comments[0])
        after = Sources(self.name, self.units, new, comments[1])
        values_old, values_new = constants(before, after, [f'{p.tag}.{key}' for p in new for key in p.traps], rng)
        self.old, self.new = before.with_constants(values_old), after.with_constants(values_new)
        self.alone = before.statements('exit') != after.statements('exit')
        self.reference = Reference(self.units, old, new, values_old, values_new).text()

    def write(self, folder):
        self.folder = folder
        for version, files in (('old', self.old), ('new', self.new)):
            (folder / version).mkdir(parents=True)
            for name, text in files.items():
                (folder / version / name).write_text(text)
        diff = subprocess.run(['diff', '-U3', '-r', '-N', 'old', 'new'], cwd=folder, capture_output=True, text=True)
        patch = re.sub(r'^(---|\+\+\+) (old|new)/(\S+)\t.*$',
                       lambda m: f'{m[1]} {"ab"[m[2] == "new"]}/{self.name}/{m[3]}', diff.stdout, flags=re.M)
        (folder / 'fix.patch').write_text(patch)
        (folder / 'reference.c').write_text(self.reference)
        (folder / 'mutant.json').write_text(json.dumps(
            {'name': self.name, 'verdict': self.verdict, 'edits': self.edits}, indent=1) + '\n')


def expect(folder):
    """Compile and run the reference of a mutant's folder: lines of each mode."""
    here = Path(__file__).resolve().parent
    program = folder / 'reference'
    subprocess.run(['gcc', '-O0', '-fwrapv', '-w', '-I', here, '-o', program, folder / 'reference.c'], check=True)
    lines = {}
    for mode in ('first', 'later', 'unpatched'):
        done = subprocess.run([program, mode], check=True, capture_output=True, text=True, timeout=20)
        lines[mode] = [' '.join(line.split()) for line in done.stdout.splitlines()]
    program.unlink()
    return lines
