# SPDX-License-Identifier: GPL-2.0-or-later
"""Motifs of what several units, or outsiders, share: names, headers, registered callbacks, parameters."""
from motif import LOCALS, Motif, change, moves, renames, sets, touched
from program import Const, Func, Raw, Type, Var


class SameNames(Motif):
    """A static function and a static variable of one name in each of two units."""

    def setup(self, rng):
        self.shared('entry', 'entry2', 'twin', 'count')
        self.params['names'] |= {key + '2': self.params['names'][key] for key in ('twin', 'count')}
        self.params |= {'init': 100, 'drop': 0, 'attrs': rng.choice(['noinline', ''])}
        self.second = self.other_unit(self.home)

    def build(self, p):
        pieces = []
        for key, entry, home, start, extra in (('', 'entry', self.home, 3, '@step'),
                                               ('2', 'entry2', self.second, p['init'], '@touch')):
            pieces += [Var('count' + key, 'int @@', str(start), 'static', home),
                       Func('twin' + key, f'\t$count{key} += x + {extra};\n\treturn $count{key};\n', home=home,
                            attrs=p['attrs'])]
            body = f'\t$count{key}++;\n\treturn $count{key};\n' if p['drop'] and key else f'\treturn $twin{key}(x);\n'
            pieces.append(Func(entry, body, scope='global', home=home))
        return pieces, {'entries': ('entry', 'entry2')}

    def renamed_together(self, p, rng):
        self.rename(p, 'count')
        p['names']['count2'] = p['names']['count']

    edits = {
        'one of two functions of one name changed': ('can', change('step')),
        'the other of two functions of one name changed': ('can', change('touch')),
        'one of two functions of one name removed': ('can', sets(drop=1)),
        'one of two functions of one name renamed': ('can', renames('twin', 'twin2')),
        'one of two variables of one name renamed': ('can', renames('count', 'count2')),
        'variables of one name renamed alike': ('can', touched(renamed_together)),
    }


class HeaderConstants(Motif):
    """A macro and an inline function without state, in the header, that two units use."""

    def setup(self, rng):
        self.shared('entry', 'entry2', 'mix', 'sum')
        self.params['names'] |= {'LIMIT': f'LIMIT_{self.tag}'.upper()}
        self.params |= {'limit': rng.randrange(2, 40), 'second': self.other_unit(self.home)}

    def build(self, p):
        pieces = [Type('LIMIT', '#define $LIMIT @limit\n'),
                  Var('sum', 'int @@', '', 'global', self.home),
                  Func('mix', '\treturn x > $LIMIT ? x - $LIMIT : x * @step;\n', scope='inline', attrs='inline'),
                  Func('entry', '\t$sum += $mix(x);\n\treturn $sum;\n', scope='global', home=self.home),
                  Func('entry2', '\t$sum ^= $mix(x + 3) + @touch;\n\treturn $sum + $LIMIT;\n', scope='global',
                       home=p['second'])]
        return pieces, {'entries': ('entry', 'entry2')}

    edits = {
        'macro of a header': ('can', change('limit', 2, 40)),
        'inline function of a header': ('can', change('step')),
    }


class Registered(Motif):
    """A callback that was registered: what holds it was written by the old code."""

    def setup(self, rng):
        self.shared('entry', 'run', 'late', 'register')
        self.static('node', 'head', 'cb')
        self.params |= {'handler': 'run', 'data': rng.randrange(1, 9), 'gone': 0}

    def build(self, p):
        text = 'struct $cb {\n\tint (*run)(int);\n\tint data;\n\tstruct $cb *next;\n};\n'
        run_home = p['home'].get('run', self.home)
        pieces = [Type('cb', text, self.home, text),
                  Var('calls', 'int @@', '', 'static' if run_home == self.home else 'global', self.home),
                  Func('run', '\t$calls += 2;\n\treturn x + $calls * @step;\n', home=run_home,
                       scope='static' if run_home == self.home else 'global'),
                  Func('late', '\treturn x - 7000;\n', home=self.home),
                  Var('node', 'struct $cb @@', f'{{ &${p["handler"]}, {p["data"]}, (void *)0 }}', 'static', self.home),
                  Var('head', 'struct $cb *@@', '', 'static', self.home)]
        if not p['gone']:
            pieces.append(Func('register', '\tif (!$head)\n\t\t$head = &$node;\n\treturn x;\n', home=self.home))
        body = ('' if p['gone'] else '\t$register(x);\n') + (
            '\tif (!$head)\n\t\treturn -1;\n\t$head->data += x;\n\treturn $head->run(x) + $head->data + @touch;\n')
        return pieces + [Func('entry', body, scope='global', home=self.home)], {}

    edits = {
        'registered function changed': ('can', change('step')),
        'user of a registered function changed': ('can', change('touch')),
        'registering function removed': ('can', sets(gone=1)),
        'registered function renamed': ('may', renames('run')),
        'registered function moved to another file': ('may', moves('run')),
        'another function registered': ('cannot', sets(handler='late')),
        'another function registered, by nobody': ('cannot', sets(handler='late', gone=1)),
        'registered node with other data': ('cannot', touched(change('data', 1, 9))),
    }


class Nested(Motif):
    """A structure in another, in an array, behind a pointer or in a union."""

    def setup(self, rng):
        self.shared('entry')
        self.static('outer')
        self.params['names'] |= {key: f'{key}_{self.tag}' for key in ('in', 'out')}
        self.params |= {'members': ['a', 'b'], 'how': rng.choice(['plain', 'array', 'pointer', 'union', 'typedef']),
                        'width': 4, 'signed': 'int'}

    def build(self, p):
        members = ''.join(f'\t{p["signed"]} {m};\n' for m in p['members'])
        how = p['how']
        if how == 'typedef':
            inner = f'typedef struct {{\n{members}\tunsigned int flags : {p["width"]};\n\tunsigned int rest : 8;\n}} $in;\n'
        else:
            inner = f'struct $in {{\n{members}\tunsigned int flags : {p["width"]};\n\tunsigned int rest : 8;\n}};\n'
        union = '\tint a;\n\tint b;\n\tint c;\n\tunsigned int flags : 4;\n\tunsigned int rest : 8;\n'
        reference = f'typedef struct {{\n{union}}} $in;\n' if how == 'typedef' else f'struct $in {{\n{union}}};\n'
        kind = '$in' if how == 'typedef' else 'struct $in'
        member = {'plain': f'{kind} i', 'typedef': f'{kind} i', 'array': f'{kind} i[2]', 'pointer': f'{kind} *i',
                  'union': f'union {{\n\t\t{kind} i;\n\t\tlong l[4];\n\t}}'}[how]
        access = {'plain': '$outer.i.', 'typedef': '$outer.i.', 'array': '$outer.i[x & 1].', 'pointer': '$outer.i->',
                  'union': '$outer.i.'}[how]
        outer = f'struct $out {{\n\tint before;\n\t{member};\n\tint after;\n}};\n'
        pieces = [Type('in', inner, self.home, reference), Type('out', outer, self.home, outer),
                  Var('outer', 'struct $out @@', '', 'static', self.home)]
        body = ''
        if how == 'pointer':
            pieces.append(Var('place', f'{kind} @@', '', 'static', self.home))
            body = '\tif (!$outer.i)\n\t\t$outer.i = &$place;\n'
        body += (f'\t{access}a += x + @step;\n\t{access}b -= {access}a;\n\t{access}flags += 3;\n\t{access}rest += 5;\n'
                 f'\t$outer.before++;\n\t$outer.after -= {access}b;\n\tmut_emit({access}flags);\n'
                 f'\tmut_emit({access}rest);\n\treturn $outer.after + {access}a * 3 + @touch;\n')
        return pieces + [Func('entry', body, scope='global', home=self.home)], {}

    def added(self, p, rng):
        p['members'].insert(rng.randrange(3), 'c')

    edits = {
        'constant': ('can', change('step')),
        'member of an inner structure added': ('cannot', touched(added)),
        'members of an inner structure exchanged': ('cannot', sets(members=['b', 'a'])),
        'member of an inner structure of another type': ('cannot', sets(signed='long')),
        'bit field wider': ('cannot', sets(width=9)),
    }


class Parameters(Motif):
    """A module's parameter; its variable may have another name."""

    def setup(self, rng):
        self.static('knob', 'fixed')
        self.shared('entry', 'unused')
        self.params |= {'const': rng.choice(['', 'const ']), 'said': 'knob', 'value': rng.randrange(5, 30)}

    def build(self, p):
        pieces = [Var('knob', 'int @@', '5', 'static', self.home),
                  Raw(f'#include <linux/moduleparam.h>\n\nmodule_param_named({p["said"]}_{self.tag}, $knob, int, 0644);\n', self.home)]
        if p['const']:
            pieces.append(Const('fixed', 'int @@[3]', '{ 4, @value, 6 }', self.home))
        else:
            pieces.append(Var('fixed', 'int @@[3]', '{ 4, @value, 6 }', 'static', self.home))
        # A static that nothing writes is a constant to the compiler.
        body = '' if p['const'] else '\t$fixed[x % 3] += 2;\n'
        body += '\t$knob += @step;\n\treturn $knob * 2 + READ_ONCE($fixed[x % 3]) + @touch;\n'
        return pieces + [Func('entry', body, scope='global', home=self.home)], {}

    edits = {
        'constant': ('can', change('step')),
        'variable of a parameter renamed': ('may', renames('knob')),
        'parameter renamed': ('may', sets(said='knob_other')),
        'number that is read, of a constant or a variable': ('may', change('value', 5, 30)),
    }


class Blocks(Motif):
    """Static locals of one name in blocks of one function."""

    def setup(self, rng):
        self.shared('entry')
        name, other = rng.sample(LOCALS, 2)
        self.params['names'] |= {'one': name, 'two': name, 'three': name, 'four': other}
        self.params |= {'blocks': ['one', 'two'], 'conditions': {'one': 'x & 1', 'two': 'x > 1', 'three': 'x > 0', 'four': 'x > 2'}}

    def build(self, p):
        starts = {'one': 10, 'two': 200, 'three': 3000, 'four': 40000}
        pieces, body = [], ''
        for key in p['blocks']:
            pieces.append(Var(key, 'int @@', str(starts[key]), 'local', self.home))
            body += (f'\tif ({p["conditions"][key]}) {{\n\t\tLOCAL({key})\n\n\t\t${key} += @step;\n'
                     f'\t\tmut_emit(${key});\n\t}}\n')
        return pieces + [Func('entry', body + '\treturn x + @touch;\n', scope='global', home=self.home)], {}

    edits = {
        'constant': ('can', change('step')),
        'block with a static local added above': ('may', sets(blocks=['three', 'one', 'two'])),
        'block with a static local added between': ('may', sets(blocks=['one', 'three', 'two'])),
        'block with a static local removed': ('may', sets(blocks=['two'])),
        'block with a static local replaced': ('may', sets(blocks=['one', 'three'])),
        'blocks exchanged': ('may', sets(blocks=['two', 'one'])),
        'block with a static local of another name added': ('can', sets(blocks=['four', 'one', 'two'])),
    }


MOTIFS = [SameNames, HeaderConstants, Registered, Nested, Parameters, Blocks]
