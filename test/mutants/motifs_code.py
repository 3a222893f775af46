# SPDX-License-Identifier: GPL-2.0-or-later
"""Motifs of functions: moved, renamed, aliases, weak, tables, switches, labels, init and exit."""
from motif import Motif, change, exchanges, moves, renames, sets, trap
from program import Const, Func, Raw, Type, Var


class Callers(Motif):
    """A global function that two other units call, and a static one."""

    def setup(self, rng):
        self.shared('entry', 'entry2', 'work', 'calls')
        self.shared('inner')
        self.params |= {'half': '', 'extra': 0, 'arg': '', 'inner_scope': 'static', 'attrs': rng.choice(['noinline', ''])}
        self.caller, self.caller2 = self.other_unit(self.home), self.other_unit(self.home)

    def build(self, p):
        home = p['home'].get('work', self.home)
        head, arg = ('int @@(int x, int more)', ', @step') if p['arg'] else ('int @@(int x)', '')
        inner = p['home'].get('inner', home)
        work = '\t$calls += x;\n\treturn $inner($calls) + @touch' + (' + more;\n' if p['arg'] else ';\n')
        pieces = [Var('calls', 'int @@', '', 'global' if home != self.home else 'static', self.home),
                  Func('inner', '\tif (x > LINE(near))\n\t\tx -= 2;\n\treturn x ^ @step;\n',
                       scope='global' if inner != home else p['inner_scope'], home=inner, attrs=p['attrs']),
                  Func('work', work, head, scope='global', home=home),
                  Func('entry', f'\treturn $work(x{arg}) * 3;\n', scope='global', home=self.caller),
                  Func('entry2', f'\treturn {"$work" if not p["half"] else "$before"}(x + 1{arg}) - 5;\n', scope='global',
                       home=self.caller2)]
        if p['half']:
            pieces.append(Raw('int $before(int x);\n'))
        return pieces, {'entries': ('entry', 'entry2')}

    def half_renamed(self, p, rng):
        p['half'] = 1
        p['names']['before'] = p['names']['work']
        self.rename(p, 'work')

    edits = {
        'constant': ('can', change('touch')),
        'constant near its line': ('can', trap('near')),
        'global function renamed, but for one caller': ('nolink', half_renamed),
        'static function renamed': ('can', renames('inner')),
        'static function becomes global': ('can', sets(inner_scope='global')),
        'global function renamed in all units': ('can', renames('work')),
        'parameter added in all units': ('can', sets(arg=1)),
        'function inlined no more': ('can', sets(attrs='noinline')),
        'static function moved to another file': ('can', moves('inner')),
        'global function moved to another file': ('may', moves('work', 'inner')),
    }


class Aliases(Motif):
    def setup(self, rng):
        self.shared('entry', 'one', 'two', 'alias', 'user')
        self.params |= {'target': 'one', 'alias_scope': rng.choice(['global', 'static']), 'alias_first': 0,
                        'calls': 'alias', 'one_scope': 'global'}
        self.user = self.home if self.params['alias_scope'] == 'static' else self.other_unit(self.home)

    def build(self, p):
        pieces = [Var('n', 'int @@', '', 'static', self.home),
                  Func('one', '\t$n += @step;\n\treturn $n + x;\n', scope='global', home=self.home),
                  Func('two', '\t$n += 7;\n\treturn $n * 2 + @touch;\n', scope='global', home=self.home),
                  Func('alias', '', scope=p['alias_scope'], home=self.home, alias=p['target']),
                  Func('entry', '\treturn $one(x) * 5 + $two(x);\n', scope='global', home=self.home),
                  Func('user', '\treturn $@calls(x) + 1;\n', scope='global', home=self.user)]
        return pieces, {'entries': ('entry', 'user')}

    edits = {
        'function with an alias changed': ('can', change('step')),
        'other function beside an alias changed': ('can', change('touch')),
        'alias redirected': ('may', sets(target='two')),
        'caller of an alias calls its function': ('can', sets(calls='one')),
        'caller of an alias calls another': ('can', sets(calls='two')),
        'alias renamed': ('can', renames('alias')),
        'function with an alias renamed': ('can', renames('one')),
    }


class WeakFunctions(Motif):
    """A weak function, overridden in another unit or not."""

    def setup(self, rng):
        self.shared('entry', 'hook', 'direct')
        self.params |= {'strong': rng.choice([0, 1]), 'weak': 1, 'value': rng.randrange(1, 50)}
        self.weak_home, self.strong_home = self.home, self.other_unit(self.home)
        self.caller = self.rng.choice([self.home, self.other_unit(self.home)])

    def build(self, p):
        p['names']['strong'] = p['names']['weak'] = p['names']['hook']
        pieces = [Var('n', 'int @@', '', 'static', self.weak_home), Var('m', 'int @@', '', 'static', self.strong_home)]
        weak = 'weak' if p['weak'] else ''
        pieces.append(Func('weak', '\t$n += 3;\n\treturn $n + @step;\n', scope='global', home=self.weak_home, weak=weak))
        if p['strong']:
            pieces.append(Func('strong', '\t$m += 5;\n\treturn $m * @value;\n', scope='global', home=self.strong_home,
                               weak='strong'))
        used = 'strong' if p['strong'] else 'weak'
        pieces.append(Func('entry', f'\treturn ${used}(x) + @touch;\n', scope='global', home=self.caller))
        pieces.append(Func('direct', '\treturn x - @touch;\n', scope='global', home=self.weak_home))
        return pieces, {'entries': ('entry', 'direct')}

    def toggle(self, p, rng):
        p['strong'] = 1 - p['strong']

    edits = {
        'weak function changed': ('can', change('step')),
        'strong function changed': ('can', change('value', 1, 50)),
        'caller of a weak function changed': ('can', change('touch')),
        'strong definition added or removed': ('may', toggle),
    }


class Tables(Motif):
    """Tables of functions: constant, constant whose address is kept, or writable."""

    def setup(self, rng):
        self.shared('entry', 'run', 'stop', 'third')
        self.static('tab', 'ops', 'current')
        self.params |= {'one': 'run', 'two': 'stop', 'with_third': 0, 'len': 2, 'kind': rng.choice(self.kinds)}

    def build(self, p):
        run_home = p['home'].get('run', self.home)
        scope = 'static' if run_home == self.home else 'global'
        pieces = [Var('n', 'int @@', '', 'static' if run_home == self.home else 'global', self.home),
                  Func('run', '\t$n += x;\n\treturn $n + @step;\n', scope=scope, home=run_home),
                  Func('stop', '\treturn x * @touch;\n', home=self.home)]
        entries = [f'&${p["one"]}', f'&${p["two"]}']
        if p['with_third']:
            pieces.append(Func('third', '\treturn x - 1000;\n', home=self.home))
            entries[p['with_third'] - 1] = '&$third'
        init = '{ ' + ', '.join(entries) + ' }'
        pieces += self.table(init) + [Func('entry', self.call(), scope='global', home=self.home)]
        return pieces, {}


class ConstantTable(Tables):
    kinds = ['direct']

    def table(self, init):
        return [Const('tab', 'typeof(int (*)(int)) @@[2]', init, self.home)]

    def call(self):
        return '\treturn $tab[x & 1](x) + $tab[1](2);\n'

    edits = {
        'function of a table changed': ('can', change('step')),
        'function of a table renamed': ('can', renames('run', 'stop')),
        'functions of a constant table exchanged': ('can', exchanges('one', 'two')),
        'function of a constant table replaced': ('can', sets(with_third=2)),
        'function of a table moved to another file': ('may', moves('run')),
    }


class KeptTable(Tables):
    kinds = ['kept']

    def table(self, init):
        return [Type('ops', 'struct $ops {\n\tint (*run)(int);\n\tint (*stop)(int);\n};\n', self.home,
                     'struct $ops {\n\tint (*run)(int);\n\tint (*stop)(int);\n};\n'),
                Const('tab', 'struct $ops @@', init, self.home, kept=True),
                Var('current', 'const struct $ops *@@', '', 'static', self.home)]

    def call(self):
        return ('\tif (!READ_ONCE($current))\n\t\tWRITE_ONCE($current, &$tab);\n'
                '\treturn READ_ONCE($current)->run(x) + READ_ONCE($current)->stop(x);\n')

    edits = {
        'function of a table changed': ('can', change('step')),
        'function of a kept table renamed': ('may', renames('run', 'stop')),
        'functions of a kept table exchanged': ('cannot', exchanges('one', 'two')),
        'function of a kept table replaced': ('cannot', sets(with_third=2)),
        'function of a kept table moved to another file': ('may', moves('run')),
    }


class WritableTable(Tables):
    kinds = ['writable']

    def table(self, init):
        return [Var('tab', 'typeof(int (*)(int)) @@[2]', init, 'static', self.home)]

    def call(self):
        return ('\tint (*first)(int) = READ_ONCE($tab[0]);\n\tint r = first(x);\n\n'
                '\tWRITE_ONCE($tab[0], READ_ONCE($tab[1]));\n\tWRITE_ONCE($tab[1], first);\n\treturn r;\n')

    edits = {
        'function of a table changed': ('can', change('step')),
        'function of a writable table renamed': ('may', renames('run', 'stop')),
        'functions of a writable table exchanged': ('cannot', exchanges('one', 'two')),
        'function of a writable table replaced': ('cannot', sets(with_third=2)),
        'function of a writable table moved to another file': ('may', moves('run')),
    }


class Switches(Motif):
    """Jump tables, tables made of a switch, strings."""

    def setup(self, rng):
        self.shared('entry', 'name')
        self.params |= {'values': [rng.randrange(1, 200) for _ in range(8)], 'cases': 7,
                        'words': ['alpha', 'beta', 'gamma', 'delta'], 'bound': 6}

    def build(self, p):
        values = '\n'.join(f'\tcase {n}:\n\t\treturn {v};' for n, v in enumerate(p['values']))
        words = ', '.join(f'"{w}"' for w in p['words'])
        body = ''.join(f'\tcase {n}:\n\t\tmut_emit({n * 3});\n\t\tx += {p["values"][n]};\n\t\tbreak;\n'
                       for n in range(p['cases']))
        pieces = [Func('value', f'\tswitch (x & 7) {{\n{values}\n\t}}\n\treturn @touch;\n', home=self.home),
                  Const('words', 'char *const @@[4]', f'{{ {words} }}', self.home),
                  Func('entry', '\tconst char *word = $words[x & 3];\n\n\tmut_emit($value(x));\n'
                       f'\tswitch (x + 1) {{\n{body}\tdefault:\n\t\tx = @step;\n\t}}\n'
                       '\tif (x > LINE(near))\n\t\tmut_emit(1);\n\treturn word[x & 3] + x;\n',
                       scope='global', home=self.home)]
        return pieces, {}

    def value(self, p, rng):
        p['values'][rng.randrange(8)] += rng.randrange(1, 40)

    def word(self, p, rng):
        p['words'][rng.randrange(4)] = rng.choice(['omega', 'sigma', 'kappa'])

    edits = {
        'constant': ('can', change('step')),
        'constant near its line': ('can', trap('near')),
        'value of a case': ('can', value),
        'case added': ('can', sets(cases=8)),
        'case removed': ('can', sets(cases=5)),
        'string of a table': ('can', word),
        'strings in other order': ('can', sets(words=['beta', 'alpha', 'delta', 'gamma'])),
    }


class Labels(Motif):
    """Label addresses: in a constant table, or a writable one."""

    def setup(self, rng):
        self.shared('entry')
        self.params |= {'const': rng.choice(['const ', '']), 'first': 'one', 'second': 'two', 'more': ''}

    def build(self, p):
        body = ('\tstatic const void *@const$to[] = { &&@first, &&@second, &&out };\n\tint r = @step;\n\n@more'
                '\tgoto *$to[x % 3];\none:\n\tmut_emit(1);\n\tr += 17;\ntwo:\n\tmut_emit(2);\n\tr += @touch;\n'
                'out:\n\treturn r + x;\n')
        return [Func('entry', body, scope='global', home=self.home)], {}

    edits = {
        'code between labels': ('may', change('touch')),
        'labels exchanged': ('may', exchanges('first', 'second')),
        'code before labels': ('may', sets(more='\tif (x > 2)\n\t\tr *= 3;\n')),
    }


class InitExit(Motif):
    """Init code sets a variable and calls a function; exit code reports."""

    def setup(self, rng):
        self.shared('entry', 'prepare', 'sum')
        self.params |= {'start': rng.randrange(1, 50), 'end': rng.randrange(1, 50), 'attrs': rng.choice(['noinline', ''])}

    def build(self, p):
        pieces = [Var('sum', 'int @@', '', 'global', self.home),
                  Func('prepare', '\t$sum += @step;\n\treturn x + @touch;\n', scope='global', home=self.home,
                       attrs=p['attrs']),
                  Func('entry', '\t$sum += $prepare(x);\n\treturn $sum;\n', scope='global', home=self.home)]
        return pieces, {'init': '\t$sum = $prepare(@start);\n', 'exit': '\tmut_leave($sum + @end);\n'}

    edits = {
        'function that init calls': ('can', change('touch')),
        'constant in exit': ('can', change('end', 1, 50)),
        'constant in init': ('cannot', change('start', 1, 50)),
    }


class NoteOnce(Motif):
    """WARN_ON_ONCE(), whose state is in the bug table, and messages that are printed once."""

    def setup(self, rng):
        self.shared('entry', 'other')
        self.params |= {'above': '', 'bound': 100, 'say': 'hello'}

    def build(self, p):
        body = ('@above\tif (WARN_ON_ONCE(x > @bound))\n\t\treturn -1;\n\tpr_info_once("@say\\n");\n'
                '\tmut_emit(LINE(near));\n\treturn x + @step;\n')
        other = '\tif (WARN_ON(x > 200))\n\t\treturn 3;\n\treturn x * @touch;\n'
        return [Func('entry', body, scope='global', home=self.home),
                Func('other', other, scope='global', home=self.home)], {'entries': ('entry', 'other')}

    edits = {
        'constant': ('can', change('step')),
        'argument near its line': ('can', trap('near')),
        'warning added': ('can', sets(above='\tif (WARN_ON_ONCE(x == 77))\n\t\treturn -3;\n')),
        'constant beside another warning': ('can', change('touch')),
        'message printed once changed': ('can', sets(say='good day')),
    }


MOTIFS = [Callers, Aliases, WeakFunctions, ConstantTable, KeptTable, WritableTable, Switches, Labels, InitExit, NoteOnce]
