# SPDX-License-Identifier: GPL-2.0-or-later
"""A motif: a few pieces that keep some state in one way, and the edits that it can undergo.

verdict of an edit:
  can     a livepatch can make it; refusing it is allowed, and counted
  may     the result is right if it is made, and nobody expects it
  cannot  what is in memory stands against it: refused, or as the reference says
  nolink  such a module would not link: refused
"""
import copy

from program import Part

WORDS = ('account advance answer apply bound budget cache check claim collect commit cursor decode drain enter '
         'expire fetch filter finish flush gather handle insert level limit lookup match measure merge notify '
         'number observe offer parse period policy probe queue quota reach record refill release report reset '
         'round sample scan select settle share signal slot split stage step stock store sum take throttle '
         'touch trace trim update verify visit wait walk weigh window').split()
LOCALS = 'count last state total seen ticks'.split()


class Names:
    """Names of one module: unique among globals; a static may be called as one of another unit."""

    def __init__(self, rng, number):
        self.rng, self.number = rng, number     # the number: mutants of one lot are in one module
        self.used = {}

    def take(self, unit=None):
        """A name for a static of a unit; None: of all."""
        for _ in range(200):
            word = f"{self.rng.choice(WORDS)}_{self.rng.choice(['one', 'it', 'next'])}{self.number}"
            units = self.used.setdefault(word, set())
            if 'all' in units:
                continue
            if unit in units or (unit is None and units):
                continue
            units.add('all' if unit is None else unit)
            return word
        raise RuntimeError('no more names')


class Motif:
    edits = {}      # name: (verdict, method(params, rng)); rng may choose among variants

    def __init__(self, rng, tag, units, names):
        self.rng, self.tag, self.units, self.name_of = rng, tag, units, names
        self.home = rng.randrange(units)
        self.params = {'names': {}, 'home': {}, 'traps': (), 'order': rng.random(), 'step': rng.randrange(2, 60),
                       'touch': rng.randrange(1, 60)}
        self.setup(rng)

    def setup(self, rng):
        raise NotImplementedError

    def build(self, p):
        """Pieces, and what else Part has."""
        raise NotImplementedError

    def part(self, params):
        pieces, more = self.build(params)
        return Part(self.tag, pieces, params['names'], params, order=params['order'], traps=params['traps'], **more)

    def other_unit(self, unit):
        return (unit + 1 + self.rng.randrange(self.units - 1)) % self.units

    def static(self, *keys, unit=None):
        for key in keys:
            self.params['names'][key] = self.name_of.take(self.home if unit is None else unit)

    def shared(self, *keys):
        for key in keys:
            self.params['names'][key] = self.name_of.take()

    def rename(self, p, key):
        p['names'][key] = self.name_of.take()

    def edited(self, edit):
        params = copy.deepcopy(self.params)
        self.edits[edit][1](self, params, self.rng)
        return params


def change(key, low=1, high=90):
    """An edit: the number is another one."""
    def apply(self, p, rng):
        p[key] = rng.choice([n for n in range(low, high) if n != p[key]])
    return apply


def touched(apply):
    """An edit, and mostly a changed constant in the same function: a rename alone changes no code."""
    def both(self, p, rng):
        apply(self, p, rng)
        if rng.random() < 0.8:
            change('touch')(self, p, rng)
    return both


def renames(*keys):
    def apply(self, p, rng):
        self.rename(p, rng.choice(keys))
    return touched(apply)


def sets(**values):
    def apply(self, p, rng):
        p.update(copy.deepcopy(values))
    return touched(apply)


def exchanges(one, two):
    def apply(self, p, rng):
        p[one], p[two] = p[two], p[one]
    return touched(apply)


def trap(*keys):
    """A constant near its line's number, changed by as much as the line moves."""
    def apply(self, p, rng):
        p['traps'] = keys
    return apply


def moves(*keys):
    def apply(self, p, rng):
        unit = self.other_unit(p['home'].get(keys[0], self.home))
        for key in keys:
            p['home'][key] = unit
    return touched(apply)
