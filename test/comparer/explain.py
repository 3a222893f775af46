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


def is_caller(name, ours, tools, before, after, answer):
    """As it was, but it calls what ftrace can't redirect: its new code has to."""
    led = {f['leads_to'] for f in answer['functions'] if plain(f['name']) == name and f.get('leads_to')}
    led |= {plain(f['name']) for f in answer['functions'] if tools == 'new' and f['status'] == 'new'} - {name}
    text = '\n'.join(after.functions().get(name, []))
    return not ours and tools in ('changed', 'new') and any(callee in text for callee in led)


def is_padding(name, ours, tools, before, after, answer):
    """objtool names the padding before a function; it comes and goes with the function."""
    function = name.removeprefix('__pfx_')
    return name != function and ours in ('new', 'gone') and (
        function in (before if ours == 'gone' else after).functions() and
        function not in (after if ours == 'gone' else before).functions())


def is_not_redirected(name, ours, tools, before, after, answer):
    """ftrace has no place in it: it is new code, and its callers are replaced."""
    return ours == 'changed' and tools == 'new' and '__fentry__' not in '\n'.join(after.functions()[name])


def is_init(name, ours, tools, before, after, answer):
    return ours and not tools and (before.is_init(name) or after.is_init(name))


def is_refused(name, ours, tools, before, after, answer):
    return answer['result'] == 'refused' and ours and not tools


ROWS = [
    (is_alias_of_listed, 'another name of a function that the tool lists: an address is redirected once'),
    (is_caller, 'calls a changed function that ftrace can\'t redirect'),
    (is_padding, 'the padding before a function that came or went'),
    (is_not_redirected, 'ftrace can\'t redirect it: its callers are replaced, and get a new one'),
    (is_init, 'init code: it has run, or runs unpatched; the tool lists no such function'),
    (is_refused, 'the unit is refused: the list of functions is incomplete'),
]


def explain(name, ours, tools, before, after, answer):
    """The reason, or nothing: then it is a bug of one of the two."""
    for holds, reason in ROWS:
        if holds(name, ours, tools, before, after, answer):
            return reason
    return ''
