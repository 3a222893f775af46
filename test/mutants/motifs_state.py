# SPDX-License-Identifier: GPL-2.0-or-later
"""Motifs of variables: static locals, file statics, globals, per-CPU, static keys, declared by macros."""
from motif import LOCALS, Motif, change, exchanges, moves, renames, sets, touched, trap
from program import Func, Var


class StaticLocals(Motif):
    """Two static locals of one function, whose names others use as well."""

    def setup(self, rng):
        self.shared('entry')
        self.static('file')
        names = rng.sample(LOCALS, 2)
        self.params['names'] |= {'one': names[0], 'two': names[1], 'fresh': names[0]}
        self.params |= {'first': 'one', 'second': 'two', 'fresh': 0, 'file': '', 'init': rng.randrange(1, 9),
                        'type': 'int', 'uses_two': 1, 'attrs': rng.choice(['noinline', ''])}

    def build(self, p):
        home = p['home'].get('entry', self.home)
        place = {key: 'static' if p['file'] == key else 'local' for key in ('one', 'two')}
        pieces = [Var('one', p['type'] + ' @@', str(p['init']), place['one'], home),
                  Var('two', 'int @@', '', place['two'], home)]
        body = '\tLOCAL(@first)\n\tLOCAL(@second)\n'
        if not p['uses_two']:
            pieces.pop()
            body = '\tLOCAL(one)\n'
        if p['fresh']:
            pieces.append(Var('fresh', 'int @@', '40', 'local', home))
            body += '\n\tif (x & 1) {\n\t\tLOCAL(fresh)\n\n\t\t$fresh += 2;\n\t\tmut_emit($fresh);\n\t}\n'
        body += '\t$one += x + @step;\n'
        if p['uses_two']:
            body += '\tif ($one > LINE(bound))\n\t\t$two ^= $one;\n\tmut_emit($two);\n'
        body += '\tmut_emit(LINE(shown));\n\treturn $one * 3 + @touch;\n'
        return pieces + [Func('entry', body, scope='global', home=home, attrs=p['attrs'])], {}

    def to_file(self, p, rng):
        p['file'] = rng.choice(['one', 'two'])
        if rng.random() < 0.5:
            p['names'][p['file']] = p['names']['file']

    def rename_local(self, p, rng):
        key = rng.choice(['one', 'two'])
        p['names'][key] = rng.choice([n for n in LOCALS if n not in (p['names']['one'], p['names']['two'])])

    def exchange_names(self, p, rng):
        names = p['names']
        names['one'], names['two'] = names['two'], names['one']

    edits = {
        'constant': ('can', change('step')),
        'constant near its line': ('can', trap('bound')),
        'argument near its line': ('can', trap('shown')),
        'static local renamed': ('can', touched(rename_local)),
        'static locals declared in other order': ('can', exchanges('first', 'second')),
        'static local of the same name added': ('can', sets(fresh=1)),
        'static local removed': ('can', sets(uses_two=0)),
        'function with static locals moved to another file': ('may', moves('entry')),
        'static local becomes a file static': ('may', touched(to_file)),
        'static locals exchange their names': ('cannot', touched(exchange_names)),
        'static local with another initial value': ('cannot', touched(change('init', 1, 9))),
        'static local of another type': ('cannot', sets(type='long')),
    }


class InlinedHelpers(Motif):
    """Inlined helpers with statics of one name, in a unit or in the header."""

    def setup(self, rng):
        self.shared('entry', 'entry2')
        name = rng.choice(LOCALS)
        self.shared('a', 'b', 'c')
        self.params['names'] |= {'in_a': name, 'in_b': name, 'in_c': name}
        self.params |= {'scope': rng.choice(['static', 'inline']), 'uses': ['a', 'b'], 'uses2': ['b'], 'with_c': 0,
                        'attrs': rng.choice(['inline', '__always_inline', 'inline', 'noinline']),
                        'tail': rng.choice([0, 1]), 'order_ab': 0}
        if rng.random() < 0.4:
            self.params |= {'uses': ['a'], 'uses2': ['b', 'a']}
        self.second = self.home if self.params['scope'] == 'static' else rng.randrange(self.units)

    def build(self, p):
        inline = p['scope'] == 'inline'
        helpers = [('a', 0), ('b', 20)] + ([('c', 300)] if p['with_c'] else [])
        if p['order_ab']:
            helpers.reverse()
        pieces = []
        for key, init in helpers:
            pieces.append(Var(f'in_{key}', 'int @@', str(init or ''), 'local', self.home, per_unit=inline))
            body = f'\tLOCAL(in_{key})\n\n\t$in_{key} += x + {init // 4 + 3};\n\treturn $in_{key}'
            body += ' + @touch;\n' if key == 'a' else ';\n'
            pieces.append(Func(key, body, scope=p['scope'], home=self.home, attrs=p['attrs']))
        for key, uses, home in (('entry', p['uses'], self.home), ('entry2', p['uses2'], self.second)):
            body = ''.join(f'\tmut_emit(${use}(x));\n' for use in uses) + '\treturn x * @step;\n'
            pieces.append(Func(key, body, scope='global', home=home))
        return pieces, {'entries': ('entry', 'entry2')}

    def exchange_helper(self, p, rng):
        key = rng.choice(['uses', 'uses2'])
        p[key] = {1: [['b'], ['a']][p[key] == ['b']]}.get(len(p[key]), p[key][::-1])

    def drop_helper(self, p, rng):
        p[rng.choice(['uses', 'uses2'])] = [rng.choice(['a', 'b'])]

    def add_helper(self, p, rng):
        p['with_c'] = 1
        key = rng.choice(['uses', 'uses2'])
        p[key].insert(rng.randrange(len(p[key]) + 1), 'c')

    def replace_helper(self, p, rng):
        p['with_c'] = 1
        key = rng.choice(['uses', 'uses2'])
        p[key][rng.randrange(len(p[key]))] = 'c'

    edits = {
        'constant in a helper': ('can', change('touch')),
        'constant in a caller': ('can', change('step')),
        'helpers exchanged': ('can', exchange_helper),
        'helper used no more': ('can', drop_helper),
        'helper with a static added': ('can', add_helper),
        'helper replaced by a new one': ('can', replace_helper),
        'helper renamed': ('can', renames('a', 'b')),
        'helpers in other order': ('can', sets(order_ab=1)),
        'inlined helper becomes noinline': ('can', sets(attrs='noinline')),
    }


class FileState(Motif):
    """A static array and a global counter that another unit reads."""

    def setup(self, rng):
        self.shared('entry', 'reader', 'total')
        self.static('tab', 'spare')
        self.shared('added')
        self.params |= {'mult': rng.randrange(2, 9), 'len': 4, 'type': 'int', 'with_added': 0, 'init': 3,
                        'main': 'tab', 'side': 'spare', 'scope': 'static', 'spare_used': 1, 'total_scope': 'global'}
        self.reader = self.other_unit(self.home)

    def build(self, p):
        home = p['home'].get('entry', self.home)
        init = ', '.join(str(n + p['init']) for n in range(p['len']))
        pieces = [Var('tab', f'{p["type"]} @@[{p["len"]}]', f'{{ {init} }}', p['scope'], home),
                  Var('spare', f'int @@[4]', '', 'static', home),
                  Var('total', 'int @@', '7', 'global', p['home'].get('total', self.home))]
        body = '\t$@main[x & 3] += @step;\n\t$@side[(x + 1) & 3] += x;\n\t$total += $tab[x & 3];\n'
        if p['len'] > 4:
            body += f'\tmut_emit($tab[{p["len"] - 1}]);\n'
        if p['with_added']:
            pieces.append(Var('added', 'int @@', '11', 'static', home))
            body += '\t$added += x;\n\tmut_emit($added);\n'
        body += '\tmut_emit($spare[x & 3]);\n\treturn $total + @touch;\n'
        pieces += [Func('entry', body, scope='global', home=home),
                   Func('reader', '\treturn $total * @mult;\n', scope='global', home=self.reader)]
        return pieces, {'entries': ('entry', 'reader')}

    def to_static(self, p, rng):
        p['home']['entry'] = p['home']['total'] = self.home

    edits = {
        'constant': ('can', change('step')),
        'constant in the other unit': ('can', change('mult', 2, 9)),
        'static variable renamed': ('can', renames('tab', 'spare')),
        'global variable renamed in all units': ('can', renames('total')),
        'uses of two variables exchanged': ('can', exchanges('main', 'side')),
        'variable added': ('can', sets(with_added=1)),
        'static variable becomes global': ('may', sets(scope='global')),
        'global variable moved to another file': ('may', moves('total')),
        'static variables moved to another file with their function': ('may', moves('entry')),
        'array grows': ('cannot', sets(len=6)),
        'array with other initial values': ('cannot', touched(change('init', 1, 9))),
        'array of another type': ('cannot', sets(type='long')),
    }


class PerCpu(Motif):
    def setup(self, rng):
        self.shared('entry')
        self.static('one', 'two', 'three')
        self.params |= {'main': 'one', 'side': 'two', 'with_three': 0, 'type': 'int', 'swapped': 0}

    def build(self, p):
        home = p['home'].get('entry', self.home)
        pieces = [Var('one', p['type'] + ' @@', '5', 'percpu', home), Var('two', 'int @@', '9', 'percpu', home)]
        if p['swapped']:
            pieces.reverse()
        body = '\tthis_cpu_add($@main, x + @step);\n\tthis_cpu_add($@side, 2);\n'
        if p['with_three']:
            pieces.insert(0, Var('three', 'int @@', '', 'percpu', home))
            body += '\tthis_cpu_add($three, x);\n\tmut_emit(this_cpu_read($three));\n'
        body += '\tmut_emit(this_cpu_read($two));\n\treturn this_cpu_read($one) + @touch;\n'
        return pieces + [Func('entry', body, scope='global', home=home)], {}

    edits = {
        'constant': ('can', change('step')),
        'per-CPU variable renamed': ('can', renames('one', 'two')),
        'uses of two per-CPU variables exchanged': ('can', exchanges('main', 'side')),
        'per-CPU variables in other order': ('can', sets(swapped=1)),
        'per-CPU variable added': ('may', sets(with_three=1)),
        'per-CPU variables moved to another file': ('may', moves('entry')),
        'per-CPU variable of another type': ('cannot', sets(type='long')),
    }


class StaticKeys(Motif):
    """Two keys; the probe switches one of them on."""

    def setup(self, rng):
        self.shared('entry')
        self.static('one', 'two', 'three')
        self.params |= {'asked': 'one', 'switched': 'one', 'swapped': 0, 'with_three': 0, 'init': 'FALSE', 'when': 2}

    def build(self, p):
        pieces = [Var('one', 'int @@', p['init'], 'key', self.home), Var('two', 'int @@', 'FALSE', 'key', self.home)]
        if p['swapped']:
            pieces.reverse()
        body = '\tint r = @step;\n\n\tif (x == @when)\n\t\tstatic_branch_enable(&$@switched);\n'
        if p['with_three']:
            pieces.insert(0, Var('three', 'int @@', 'FALSE', 'key', self.home))
            body += '\tif (static_branch_unlikely(&$three))\n\t\tr += 5000;\n'
        body += ('\tif (static_branch_unlikely(&$@asked))\n\t\tr += 1000 + @touch;\n'
                 '\tif (static_branch_unlikely(&$two))\n\t\tr += 300;\n\treturn r;\n')
        return pieces + [Func('entry', body, scope='global', home=self.home)], {}

    edits = {
        'constant': ('can', change('step')),
        'static key renamed': ('can', renames('one', 'two')),
        'another static key asked': ('can', sets(asked='two')),
        'another static key switched': ('can', sets(switched='two', when=5)),
        'static keys in other order': ('can', sets(swapped=1)),
        'static key added': ('may', sets(with_three=1)),
        'static key with another initial value': ('cannot', sets(init='TRUE')),
    }


class DeclaredByMacros(Motif):
    """Macros that declare a static where they are used: the site says which it is, but not among twins."""
    macros = ['mut_first', 'mut_tick']

    def setup(self, rng):
        self.shared('entry', 'other', 'draw', 'draw2')
        self.shared('secret', 'secret2')
        self.params |= {'above': 0, 'macro': rng.choice(self.macros), 'swapped': 0,
                        'in_other': rng.choice([0, 1]), 'dropped': 0}

    def site(self, p, site, variable, function):
        if p['macro'] == 'mut_first':
            return f'\tmut_emit(${site}() ? @touch : 2);\n'
        if p['macro'] == 'mut_tick':
            return f'\tmut_emit(${site}(x + 1) + @touch);\n'
        return f'\t${site}({function}, &${variable});\n\tmut_emit(${variable} + @touch);\n'

    def build(self, p):
        macro = p['macro']
        pieces = [Var('secret', 'int @@', '', 'static', self.home),
                  Var('site', ('bool' if macro != 'mut_tick' else 'int') + ' @@', '', 'site', macro=macro)]
        sites = [self.site(p, 'site', 'secret', '$draw')]
        functions = [('draw', 4711)]
        if p['above']:
            pieces += [Var('secret2', 'int @@', '', 'static', self.home),
                       Var('site2', ('bool' if macro != 'mut_tick' else 'int') + ' @@', '', 'site', macro=macro)]
            functions.append(('draw2', 815))
            sites.insert(0 if p['above'] == 1 else 1, self.site(p, 'site2', 'secret2', '$draw2'))
        for key, value in functions:
            pieces.append(Func(key, f'\t*to += {value};\n', 'void @@(int *to)', home=self.home))
        body = ('' if p['dropped'] else ''.join(sites)) + '\treturn x + @step;\n'
        pieces.append(Func('entry', body, scope='global', home=self.home))
        if p['in_other']:
            pieces += [Var('site3', ('bool' if macro != 'mut_tick' else 'int') + ' @@', '', 'site', macro=macro),
                       Func('other', self.site(p, 'site3', 'secret', '$draw') + '\treturn $secret;\n',
                            scope='global', home=self.home)]
            return pieces, {'entries': ('entry', 'other')}
        return pieces, {}

    edits = {
        'constant': ('can', change('step')),
        'constant beside the macro': ('can', change('touch')),
        'macro used once more above': ('may', sets(above=1)),
        'macro used once more below': ('may', sets(above=2)),
        'macro used no more': ('can', sets(dropped=1)),
    }


class OnceCalls(DeclaredByMacros):
    """DO_ONCE(): what it calls tells the old one from another one."""
    macros = ['DO_ONCE']

    edits = DeclaredByMacros.edits | {
        'macro used once more above': ('can', sets(above=1)),
        'macro used once more below': ('can', sets(above=2)),
    }


MOTIFS = [StaticLocals, InlinedHelpers, FileState, PerCpu, StaticKeys, DeclaredByMacros, OnceCalls]
