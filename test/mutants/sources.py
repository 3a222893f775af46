# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel module that a mutant's parts make: one text per file."""
import re

from program import Const, Func, ModuleText, Raw, Type, Var

# What units include is little, for most of a mutant's time is that of the compiler.
HEADER_TOP = '''/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MUT_H
#define MUT_H
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/once.h>
#include <linux/percpu-defs.h>
#include <asm/percpu.h>

void mut_emit(long value);
#define mut_leave(value) pr_info("mut exit %s %%d\\n", value)

/* Macros that declare a variable where they are used. */
#define mut_first() ({ static bool seen; bool first = !seen; seen = true; first; })
#define mut_tick(step) ({ static int ticks; ticks += (step); ticks; })
'''

# What the lot calls, in the first unit. ALONE (lots.py): the mutant's exit function is the module's.
MAIN = '''
noinline void %(name)s_probe(int calls)
{
%(calls)s
}

int __init %(name)s_init(void)
{
%(init)s	return 0;
}

#ifdef ALONE
#include <linux/module.h>

static void __exit mut_exit(void)
{
%(exit)s}
module_exit(mut_exit);
#else
void %(name)s_exit(void)
{
%(exit)s}
#endif
'''


def entry_calls(parts):
    return '\n'.join(f'\tmut_emit({part.name(entry)}(calls));' for part in parts for entry in part.entries)


def unit_file(unit):
    return f'u{unit}.c'


class Sources:
    """files: name to text; lines: LINE keys to the numbers of their lines."""

    def __init__(self, name, units, parts, noise):
        self.name, self.units, self.parts, self.noise = name, units, parts, noise
        self.texts = {part.tag: ModuleText(part) for part in parts}
        self.lines = {}
        self.files = {'mut.h': self.header()}
        for unit in range(units):
            self.files[unit_file(unit)] = self.unit(unit) + (self.main() if not unit else '')
        for file, text in self.files.items():
            for number, line in enumerate(text.split('\n'), 1):
                for key in re.findall(r'LINE<([\w.]+)>', line):
                    self.lines[key] = number

    def with_constants(self, values):
        return {file: re.sub(r'LINE<([\w.]+)>', lambda m: str(values[m.group(1)]), text)
                for file, text in self.files.items()}

    def pieces(self, kind, where):
        """(text maker, piece) of that kind in a unit, or (None) in the header."""
        for part in sorted(self.parts, key=lambda p: p.order):
            for piece in part.of(kind):
                if getattr(piece, 'home', None) == where:
                    yield self.texts[part.tag], piece

    def main(self):
        return MAIN % {'name': self.name, 'calls': entry_calls(self.parts), 'init': self.statements('init'),
                       'exit': self.statements('exit')}

    def statements(self, what):
        return ''.join(self.texts[p.tag].text(getattr(p, what)) for p in self.parts if getattr(p, what))

    def header(self):
        out = [HEADER_TOP % self.name]
        out += [maker.text(piece.text) for maker, piece in self.pieces(Type, None)]
        out += [maker.text(piece.text) for maker, piece in self.pieces(Raw, None)
                if piece.where == 'module']
        for part in self.parts:
            maker = self.texts[part.tag]
            out += [maker.extern(v) for v in part.of(Var) if v.kind == 'global']
            out += [f'{maker.head(f)};\n' for f in part.of(Func) if f.scope == 'global' and f.weak != 'strong']
            out += [maker.func(f) for f in part.of(Func) if f.scope == 'inline']
        return ''.join(out) + '#endif\n'

    def unit(self, unit):
        out = ['// SPDX-License-Identifier: GPL-2.0\n#include "mut.h"\n\n']
        out += [maker.text(piece.text) for maker, piece in self.pieces(Type, unit)]
        functions = [(m, f) for m, f in self.pieces(Func, unit) if f.scope != 'inline']
        out += [f'static {m.head(f)};\n' for m, f in functions if f.scope == 'static' and not f.alias]
        out += [m.var(v) for m, v in self.pieces(Var, unit) if v.kind not in ('local', 'site')]
        out += [m.const(c) for m, c in self.pieces(Const, unit)]
        for number, (maker, func) in enumerate(functions):
            out.append('\n' + self.noise_before(unit, number) + maker.func(func))
        out += [maker.text(piece.text) for maker, piece in self.pieces(Raw, unit) if piece.where == 'module']
        return ''.join(out)

    def noise_before(self, unit, number):
        lines = self.noise.get((unit, number), 0)
        return '' if not lines else '/*\n' + ' * One line more.\n' * max(lines - 2, 0) + ' */\n'


def has_conflict(units, parts):
    """Is a name of a file there twice? An edit may have moved one to where another is."""
    for unit in range(units):
        seen = {}
        for part in parts:
            for piece in part.of(Var) + part.of(Func) + part.of(Const):
                everywhere = getattr(piece, 'kind', getattr(piece, 'scope', '')) in ('global', 'inline')
                if getattr(piece, 'kind', '') in ('local', 'site') or getattr(piece, 'weak', '') == 'strong':
                    continue
                if (everywhere or piece.home == unit) and seen.setdefault(part.name(piece.key), piece) is not piece:
                    return True
    return False


def constants(old, new, traps, rng):
    """Numbers for LINE(key): near the line; a trap's moves as its line does, any other stays."""
    values_old, values_new = {}, {}
    for key in sorted(set(old.lines) | set(new.lines)):
        line = old.lines.get(key, new.lines.get(key))
        value = line + rng.randrange(-2, 6)
        values_old[key] = value
        moved = new.lines.get(key, line) - line
        values_new[key] = value + (moved or rng.choice([1, 3])) if key in traps else value
    return values_old, values_new
