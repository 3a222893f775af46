# SPDX-License-Identifier: GPL-2.0-or-later
"""The reference: the old functions, then the new ones, on one and the same state.

Both versions are in one program. Each variable exists once, with the value it
has when the old module is loaded; what only the new version has comes with its
own. The program prints one line per probe, as the module's parameter does.
"""
from program import Const, Func, Raw, ReferenceText, Type, Var

RUN = '''
static void probe(bool new)
{
	phase_set(new);
	calls++;
	if (new) {
%(new)s
	} else {
%(old)s
	}
	puts("");
}

static void init(void)
{
%(init)s}

static void leave(bool new)
{
	printf("exit ");
	if (new) {
%(exit_new)s	} else {
%(exit_old)s	}
	puts("");
}

/* first: the module is there before the livepatch. later: it comes after it. unpatched: no livepatch. */
int main(int argc, char **argv)
{
	const char *mode = argv[1];
	bool later = !strcmp(mode, "later"), new = strcmp(mode, "unpatched");
	int i;

	phase_set(later);
	init();
	if (!later)
		for (i = 0; i < 3; i++)
			probe(false);
	for (i = 0; i < 3; i++)
		probe(new);
	if (!later)
		for (i = 0; i < 2; i++)
			probe(false);
	leave(later);
	return 0;
}
'''


class Reference:
    def __init__(self, units, old_parts, new_parts, lines_old, lines_new):
        self.units = units
        self.parts = {'old': old_parts, 'new': new_parts}
        self.lines = {'old': lines_old, 'new': lines_new}

    def maker(self, part, version, unit=0):
        maker = ReferenceText(part, version, unit)
        maker.lines = self.lines[version]
        return maker

    def each(self, kind):
        for version in ('old', 'new'):
            for part in self.parts[version]:
                for piece in part.of(kind):
                    yield version, part, piece

    def types(self):
        done, out = set(), []
        for version, part, piece in self.each(Type):
            maker = self.maker(part, version)
            if not piece.shared:
                out.append(maker.text(piece.text))
            elif (part.tag, piece.key) not in done:
                done.add((part.tag, piece.key))
                out.append(maker.text(piece.reference))
        return out

    def state(self):
        done, out = set(), []
        for version, part, var in self.each(Var):
            for unit in range(self.units if var.per_unit else 1):
                maker = self.maker(part, version, unit)
                name = maker.state(var)
                if name in done:
                    continue
                done.add(name)
                init = var.init
                if var.kind == 'key':
                    init = '1' if init == 'TRUE' else ''
                declare = maker.text((var.reference or var.declare).replace('@@', name)).rstrip('\n')
                value = ' = ' + maker.text(init).rstrip('\n') if init else ''
                out.append(f'static {declare}{value};\n')
        return out

    def dispatchers(self):
        """`&$key` of int f(int): the function of the version that runs, the old one where the new has none."""
        seen = {}
        for version, part, func in self.each(Func):
            if func.head == 'int @@(int x)' and func.scope != 'inline':
                seen.setdefault((part.tag, func.key), {})[version] = self.maker(part, version).head(func)
        out = []
        for (tag, key), heads in sorted(seen.items()):
            out.append(f'static int disp_{tag}_{key}(int x);\n')
            old, new = f'old_{tag}_{key}(x)', f'new_{tag}_{key}(x)'
            call = f'phase ? {new} : {old}' if len(heads) == 2 else (new if 'new' in heads else old)
            heads['disp'] = f'static int disp_{tag}_{key}(int x)\n{{\n\treturn {call};\n}}\n'
        return out, [heads['disp'] for _, heads in sorted(seen.items())]

    def constants(self):
        """Kept ones have one place, which is filled when the version changes."""
        out, sets, done = [], {'old': [], 'new': []}, set()
        for version, part, const in self.each(Const):
            maker = self.maker(part, version)
            init = maker.text(const.init).rstrip('\n')
            if const.kept:
                place, own = maker.name(const.key), f'{version}_{part.tag}_{const.key}'
                if place not in done:
                    done.add(place)
                    out.append('static ' + maker.text(const.declare.replace('@@', place)).rstrip('\n') + ';\n')
                sets[version].append(f'\t\tmemcpy(&{place}, &{own}, sizeof({own}));\n')
            else:
                own = maker.name(const.key)
            out.append('static const ' + maker.text(const.declare.replace('@@', own)).rstrip('\n')
                       + f' = {init};\n')
        return out, sets

    def functions(self):
        heads, bodies = [], []
        for version, part, func in self.each(Func):
            for unit in range(self.units if func.scope == 'inline' else 1):
                maker = self.maker(part, version, unit if func.scope == 'inline' else func.home)
                heads.append(f'static {maker.head(func)};\n')
                bodies.append(maker.func(func))
        return heads, bodies

    def calls(self, version):
        return '\n'.join(f'\t\tmut_emit({version}_{part.tag}_{entry}(calls));'
                         for part in self.parts[version] for entry in part.entries)

    def statements(self, version, what):
        out = []
        for part in self.parts[version]:
            maker = self.maker(part, version)
            maker.init = True
            out.append(maker.text(getattr(part, what)))
        return ''.join(out)

    def text(self):
        disp_heads, disp_bodies = self.dispatchers()
        heads, bodies = self.functions()
        consts, sets = self.constants()
        raws = [self.maker(part, version).text(raw.text) for version, part, raw in self.each(Raw)
                if raw.where == 'reference']
        switch = ('static void phase_set(bool new)\n{\n\tphase = new;\n\tif (new) {\n' + ''.join(sets['new'])
                  + '\t} else {\n' + ''.join(sets['old']) + '\t}\n}\n')
        run = RUN % {'old': self.calls('old'), 'new': self.calls('new'), 'init': self.statements('old', 'init'),
                     'exit_old': self.statements('old', 'exit'), 'exit_new': self.statements('new', 'exit')}
        return ''.join(['#include "shim.h"\n\nstatic bool phase;\nstatic int calls;\n',
                        'static void mut_leave(int value)\n{\n\tprintf("%d ", value);\n}\n\n'
                        'static void mut_emit(long value)\n{\n\tprintf("%ld ", value);\n}\n\n',
                        *self.types(), *raws, *sorted(set(heads)), *disp_heads, *self.state(), *consts,
                        *bodies, *disp_bodies, switch, run])

