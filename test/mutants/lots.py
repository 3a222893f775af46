# SPDX-License-Identifier: GPL-2.0-or-later
"""Lots: many mutants in one module, with one livepatch.

Alone, a mutant costs a module, an object module and a main module, three times
kbuild, and two loads in the VM: five times as much as its own units. In a lot
all that is shared. Each mutant has its folder, its names end with its number,
and it has a parameter of its own that probes it, so what is refused or wrong
has one mutant's name. Where that isn't so (a complaint of the kernel, a tool
that fails), the lot is halved until it is.
"""
import json
import shutil

TOP = '''// SPDX-License-Identifier: GPL-2.0
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sysfs.h>

struct mutant {
	void (*probe)(int calls);
	int calls;
};

static char text[2048];
static int used;

void mut_emit(long value);
void mut_emit(long value)
{
	used += scnprintf(text + used, sizeof(text) - used, "%%ld ", value);
}

static int get_probe(char *buffer, const struct kernel_param *kp)
{
	struct mutant *mutant = kp->arg;

	used = 0;
	text[0] = 0;
	mutant->probe(++mutant->calls);
	return sysfs_emit(buffer, "%%s\\n", text);
}

static const struct kernel_param_ops probe_ops = { .get = get_probe };

#define MUTANT(name)						\\
	void name##_probe(int calls);				\\
	int name##_init(void);					\\
	void name##_exit(void);					\\
	static struct mutant name = { name##_probe };		\\
	module_param_cb(name, &probe_ops, &name, 0444)

%(mutants)s
static int __init lot_init(void)
{
%(init)s	return 0;
}
module_init(lot_init);
%(exit)s
MODULE_LICENSE("GPL");
'''

EXIT = '''
static void __exit lot_exit(void)
{
%s}
module_exit(lot_exit);
'''


class Lot:
    def __init__(self, name, mutants):
        self.name, self.mutants = name, mutants
        self.by_name = {mutant.name: mutant for mutant in mutants}

    def files(self):
        alone = len(self.mutants) == 1
        names = [mutant.name for mutant in self.mutants]
        units = ' '.join(' '.join(f'{m.name}/u{unit}.o' for unit in range(m.units))
                         for m in self.mutants)
        kbuild = f'# SPDX-License-Identifier: GPL-2.0\nobj-m := {self.name}.o\n{self.name}-y := lot.o {units}\n'
        text = TOP % {'mutants': ''.join(f'MUTANT({name});\n' for name in names),
                      'init': ''.join(f'\t{name}_init();\n' for name in names),
                      'exit': '' if alone else EXIT % ''.join(f'\t{name}_exit();\n' for name in names)}
        return {'Kbuild': kbuild + ('ccflags-y += -DALONE\n' if alone else ''), 'lot.c': text}

    def write(self, folder):
        """folder/NAME/old: the module's source; each mutant's is copied there."""
        self.folder = folder / self.name
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / 'old').mkdir(parents=True)
        for name, text in self.files().items():
            (self.folder / 'old' / name).write_text(text)
        for mutant in self.mutants:
            shutil.copytree(mutant.folder / 'old', self.folder / 'old' / mutant.name)

    def write_diff(self, names):
        """Of those mutants that weren't refused yet."""
        path = self.folder / 'fix.patch'
        path.write_text(''.join((self.by_name[name].folder / 'fix.patch').read_text() for name in names))
        return path

    def unclear(self, verdicts):
        """
        Lots of those that have no verdict here: all of them, in halves, or the rest. Each is called after its
        first mutant: the build and the VM may each ask for other rests of one lot.
        """
        rest = [mutant for mutant in self.mutants if mutant.name not in verdicts]
        middle = len(rest) // 2 if len(rest) == len(self.mutants) else 0
        return [Lot(f'lot_{part[0].name}' if len(part) > 1 else part[0].name, part)
                for part in (rest[:middle], rest[middle:]) if part]

    def answer(self):
        return json.loads((self.folder / 'answer.json').read_text())


def make_lots(mutants, size):
    """Like with like: each round of refusals costs a build, and `can` is seldom refused. Some have to be alone."""
    kinds, lots = {}, []
    for mutant in mutants:
        kinds.setdefault('alone' if mutant.alone else mutant.verdict, []).append(mutant)
    for kind, members in kinds.items():
        step = 1 if kind == 'alone' else size
        for n in range(0, len(members), step):
            part = members[n:n + step]
            lots.append(Lot(part[0].name if len(part) == 1 else f'lot_{part[0].name}', part))
    return lots
