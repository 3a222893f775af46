# SPDX-License-Identifier: GPL-2.0-or-later
"""Why one side calls a function changed and the other doesn't: a row per kind, first match counts."""


from elf import STT_FUNC
from functions import plain


def places(unit, name):
    """Where functions of that name are."""
    return {(s.section, s.value) for s in unit.object.symbols if s.type == STT_FUNC and plain(s.name) == name}


def is_alias_of_listed(name, ours, tools, before, after, answer):
    listed = {plain(f['name']) for f in answer['functions']}
    return ours == 'changed' and any(places(after, other) & places(after, name) for other in listed - {name})


def is_init(name, ours, tools, before, after, answer):
    return ours and not tools and (before.is_init(name) or after.is_init(name))


def is_refused(name, ours, tools, before, after, answer):
    return answer['result'] == 'refused' and ours and not tools


ROWS = [
    (is_alias_of_listed, 'another name of a function that the tool lists: an address is redirected once'),
    (is_init, 'init code: it has run, or runs unpatched; the tool lists no such function'),
    (is_refused, 'the unit is refused: the list of functions is incomplete'),
]


def explain(name, ours, tools, before, after, answer):
    """The reason, or nothing: then it is a bug of one of the two."""
    for holds, reason in ROWS:
        if holds(name, ours, tools, before, after, answer):
            return reason
    return ''
