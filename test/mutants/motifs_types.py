# SPDX-License-Identifier: GPL-2.0-or-later
"""Motifs of types: what is in memory was written by the old functions, with the old layout."""
from motif import Motif, change, sets, touched
from program import Func, Type, Var


class Records(Motif):
    """An array of structures; members may come, move and change. One may point to another type."""

    def setup(self, rng):
        self.shared('entry')
        self.static('items')
        self.params['names'] |= {'a': 'size', 'b': 'used', 'c': 'extra', 'item': f'item_{self.tag}',
                                 'near': f'near_{self.tag}', 'far': f'far_{self.tag}'}
        self.params |= {'members': ['a', 'b'], 'types': {'a': 'int', 'b': 'int', 'c': 'int'}, 'p': 'near',
                        'home_of_type': rng.choice(['unit', 'header']), 'anonymous': rng.choice([0, 0, 1]), 'reads_c': 0}

    def build(self, p):
        members = ''.join(f'\t{p["types"][m]} ${m};\n' for m in p['members'])
        union = '\tint $a;\n\tint $b;\n\tint $c;\n'
        home = self.home if p['home_of_type'] == 'unit' or p['anonymous'] else None
        both = ('struct $near {\n\tint v;\n\tint w;\n};\n', 'struct $far {\n\tint w;\n\tint v;\n};\n')
        targets = [Type('near', both[0], home, both[0]), Type('far', both[1], home, 'struct $far {\n\tint v;\n\tint w;\n};\n')]
        tag = '' if p['anonymous'] else '$item '
        text = f'struct {tag}{{\n{members}\tstruct ${p["p"]} *p;\n}}'
        pieces = targets
        array = 'struct $item @@[2]'
        if p['anonymous']:
            pieces.append(Type('item', '', home, f'struct $item {{\n{union}\tvoid *p;\n}};\n', ('a', 'b', 'c')))
            pieces.append(Var('items', text + ' @@[2]', '', 'static', self.home, reference=array))
        else:
            pieces.append(Type('item', text + ';\n', home, f'struct $item {{\n{union}\tvoid *p;\n}};\n', ('a', 'b', 'c')))
            pieces.append(Var('items', array, '', 'static', self.home))
        pieces.append(Var('place', 'struct $near @@', '{ 3, 50 }', 'static', self.home))
        body = (f'\tstruct ${p["p"]} *p;\n\n\t$items[x & 1].$a += @step;\n\t$items[x & 1].$b -= $items[x & 1].$a + x;\n'
                '\tif (!$items[x & 1].p)\n\t\t$items[x & 1].p = (void *)&$place;\n\tp = $items[x & 1].p;\n'
                '\tp->v += 2;\n\tmut_emit(p->v);\n')
        if p['reads_c']:
            body += '\t$items[x & 1].$c += x;\n\tmut_emit($items[x & 1].$c);\n'
        body += '\tmut_emit($items[x & 1].$b);\n\treturn $items[x & 1].$a * 5 + @touch;\n'
        return pieces + [Func('entry', body, scope='global', home=self.home)], {}

    def member_added(self, p, rng):
        p['members'].insert(rng.randrange(3), 'c')
        p['reads_c'] = rng.choice([0, 1])

    def members_exchanged(self, p, rng):
        p['members'].reverse()

    def renamed_and_grown(self, p, rng):
        p['members'].insert(0, 'c')
        p['names']['item'] += '_two'

    def retyped(self, p, rng):
        p['types'][rng.choice(['a', 'b'])] = rng.choice(['long', 'short'])

    def member_renamed(self, p, rng):
        p['names'][rng.choice(['a', 'b'])] += '_now'

    def struct_renamed(self, p, rng):
        p['names']['item'] += '_two'

    edits = {
        'constant': ('can', change('step')),
        'member renamed': ('can', touched(member_renamed)),
        'structure renamed': ('can', touched(struct_renamed)),
        'member added': ('cannot', touched(member_added)),
        'members exchanged': ('cannot', touched(members_exchanged)),
        'member of another type': ('cannot', touched(retyped)),
        'member points to another type': ('cannot', sets(p='far')),
        'structure renamed and grown': ('cannot', touched(renamed_and_grown)),
    }


class OnStack(Motif):
    """A structure that no variable has: it may change as it likes."""

    def setup(self, rng):
        self.shared('entry', 'fill')
        self.params['names'] |= {'job': f'job_{self.tag}'}
        self.params |= {'members': ['a', 'b'], 'more': '', 'home_of_type': rng.choice([self.home, None])}

    def build(self, p):
        members = ''.join(f'\tint {m};\n' for m in p['members'])
        pieces = [Type('job', f'struct $job {{\n{members}}};\n', p['home_of_type']),
                  Func('fill', '\tjob->a = x * @step;\n\tjob->b = x - @touch;\n@more', 'void @@(struct $job *job, int x)',
                       home=self.home),
                  Func('entry', '\tstruct $job job = { };\n\n\t$fill(&job, x);\n\treturn job.a * 3 + job.b;\n',
                       scope='global', home=self.home)]
        return pieces, {}

    def added(self, p, rng):
        p['members'].insert(rng.randrange(3), 'c')
        p['more'] = '\tjob->c = 5;\n\tjob->b += job->c;\n'

    edits = {
        'constant': ('can', change('step')),
        'member of a type on the stack added': ('can', touched(added)),
        'members of a type on the stack exchanged': ('can', sets(members=['b', 'a'])),
    }


class Enumerators(Motif):
    """A variable of an enumeration, in steps; or one that no variable has."""

    def setup(self, rng):
        self.shared('entry', 'next')
        self.static('mode')
        self.params['names'] |= {key: f'{self.tag}_{key}'.upper() for key in ('idle', 'busy', 'done', 'new')}
        self.params |= {'order': self.params['order'], 'list': ['idle', 'busy', 'done'], 'named': rng.choice([0, 1]),
                        'defines': rng.choice([0, 0, 1]), 'home_of_type': rng.choice([self.home, None]), 'reads_new': 0,
                        'base': 0}
        self.params['names']['mode_type'] = f'mode_{self.tag}'

    def build(self, p):
        names = ('idle', 'busy', 'done', 'new')
        if p['defines']:
            text = ''.join(f'#define ${name} {n + p["base"]}\n' for n, name in enumerate(p['list']))
        else:
            items = ''.join(f'\t${name}{" = " + str(p["base"]) if p["base"] and not n else ""},\n'
                            for n, name in enumerate(p['list']))
            text = f'enum {"$mode_type " if p["named"] else ""}{{\n{items}}};\n'
        # Numbers of macros are numbers like any other: nothing but the author knows that they are one thing.
        reference = None if p['defines'] else 'enum { ' + ', '.join('$' + name for name in names) + ' };\n'
        kind = 'enum $mode_type' if p['named'] and not p['defines'] else 'int'
        mode = Var('mode', f'{kind} @@', '', 'static', self.home, reference='int @@')
        body = ('\tswitch ($mode) {\n\tcase $idle:\n\t\t$mode = $busy;\n\t\treturn @step;\n\tcase $busy:\n'
                '\t\t$mode = $done;\n\t\treturn 2 + @touch;\n\tcase $done:\n\t\t$mode = @after;\n\t\treturn 3;\n'
                + ('\tcase $new:\n\t\t$mode = $idle;\n\t\treturn 4;\n' if p['reads_new'] else '')
                + '\tdefault:\n\t\t$mode = $idle;\n\t\treturn 99;\n\t}\n')
        p['after'] = '$new' if p['reads_new'] else '$idle'
        return [Type('mode_type', text, p['home_of_type'], reference, names), mode,
                Func('entry', body, scope='global', home=self.home)], {}

    def inserted(self, p, rng):
        p['list'].insert(rng.randrange(3), 'new')
        p['reads_new'] = rng.choice([0, 1])

    def appended(self, p, rng):
        p['list'].append('new')
        p['reads_new'] = 1

    def exchanged(self, p, rng):
        p['list'] = rng.choice([['busy', 'idle', 'done'], ['idle', 'done', 'busy'], ['done', 'busy', 'idle']])

    def renamed(self, p, rng):
        p['names'][rng.choice(['idle', 'busy', 'done'])] += '_NOW'

    def based(self, p, rng):
        p['base'] = rng.choice([1, 4])

    edits = {
        'constant': ('can', change('step')),
        'enumerator appended': ('can', touched(appended)),
        'enumerator renamed': ('can', touched(renamed)),
        'enumerator inserted': ('cannot', touched(inserted)),
        'enumerators exchanged': ('cannot', touched(exchanged)),
        'enumerators with other values': ('cannot', touched(based)),
    }


MOTIFS = [Records, OnStack, Enumerators]
