# SPDX-License-Identifier: GPL-2.0-or-later
"""What a mutant is made of, and how it becomes C.

A livepatch must keep using the variables of the running kernel, whatever an
edit does to their names, scopes and files. To say what is right, one must know
which variable is which. So a mutant is no text: it is a list of pieces whose
variables, functions and types have keys that no edit changes. From the pieces
come two texts: the module's, with the names of its version, and the
reference's, where both versions' functions work on one state.

In templates `$key` is a name, `&$key` an address that may be kept (of a
function: of whichever version runs), `@word` a parameter, LINE(key) a constant
near its own line's number, `LOCAL(key)` the definition of a static local.
"""
import re
from dataclasses import dataclass, field

VERSIONS = ('old', 'new')


@dataclass
class Var:
    """State. declare has '@@' at the name; kind: static, global, local, percpu, key, site."""
    key: str
    declare: str = 'int @@'
    init: str = ''
    kind: str = 'static'
    home: int = 0
    reference: str = ''       # declare, where the reference has another type
    macro: str = ''           # of a site: what declares the variable
    per_unit: bool = False    # a local of an inline function in the header


@dataclass
class Func:
    """scope: static, global, inline (in the header). attrs as in the kernel."""
    key: str
    body: str
    head: str = 'int @@(int x)'
    scope: str = 'static'
    home: int = 0
    attrs: str = 'noinline'
    alias: str = ''           # key of the function that this is another name of
    weak: str = ''            # 'weak' or 'strong': one of two definitions of `name_of`
    init: bool = False        # runs while the module is loaded, whichever version its callees have


@dataclass
class Const:
    """Constant data, one per version; kept: its address is in the state, so both share one place."""
    key: str
    declare: str
    init: str
    home: int = 0
    kept: bool = False


@dataclass
class Type:
    """home None: the header. shared: state has this type, `reference` is its text for both versions."""
    key: str
    text: str
    home: int | None = None
    reference: str | None = None
    names: tuple = ()         # members, enumerators: `$name` too

    @property
    def shared(self):
        return self.reference is not None


@dataclass
class Raw:
    """Text that only the module, or only the reference has."""
    text: str
    home: int | None = None
    where: str = 'module'


@dataclass
class Part:
    """One motif in one version: its pieces, names and parameters."""
    tag: str
    pieces: list
    names: dict
    params: dict
    order: int = 0
    init: str = ''            # statements of the module's init and exit functions
    exit: str = ''
    entries: tuple = ('entry',)
    traps: tuple = ()         # LINE keys that change by as much as their line moves
    by_key: dict = field(default_factory=dict)

    def __post_init__(self):
        for piece in self.pieces:
            if hasattr(piece, 'key'):
                self.by_key[piece.key] = piece
                for name in getattr(piece, 'names', ()):
                    self.by_key[name] = piece

    def of(self, kind):
        return [p for p in self.pieces if isinstance(p, kind)]

    def name(self, key):
        return self.names.get(key, f'{self.tag}_{key}')


def fill(text, params):
    """Parameters, which may hold names and parameters themselves."""
    pattern = re.compile(r'(?<!@)@([a-z]\w*)')
    while pattern.search(text):
        text = pattern.sub(lambda m: str(params[m.group(1)]), text)
    return text


def drop_empty_lines(text):
    return '\n'.join(line for line in text.split('\n') if line.strip() != '%gone') + '\n'


class ModuleText:
    """A part as the module has it."""

    def __init__(self, part):
        self.part = part

    def text(self, template):
        text = fill(template, self.part.params)
        text = re.sub(r'LOCAL\((\w+)\)', self.local, text)
        text = re.sub(r'LINE\((\w+)\)', lambda m: f'LINE<{self.part.tag}.{m.group(1)}>', text)
        return drop_empty_lines(re.sub(r'\$(\w+)', self.named, text))

    def named(self, match):
        piece = self.part.by_key.get(match.group(1))
        if isinstance(piece, Var) and piece.kind == 'site':
            return piece.macro
        return self.part.name(match.group(1))

    def local(self, match):
        var = self.part.by_key[match.group(1)]
        return 'static ' + self.definition(var) if var.kind == 'local' else '%gone'

    def definition(self, var):
        init = f' = {fill(var.init, self.part.params)}' if var.init else ''
        return re.sub(r'\$(\w+)', self.named, var.declare.replace('@@', self.part.name(var.key)) + init + ';')

    def var(self, var):
        if var.kind == 'percpu':
            kind, init = var.declare.split(' @@')[0], f' = {var.init}' if var.init else ''
            return f'static DEFINE_PER_CPU({kind}, {self.part.name(var.key)}){init};\n'
        if var.kind == 'key':
            return f'static DEFINE_STATIC_KEY_{var.init or "FALSE"}({self.part.name(var.key)});\n'
        return ('static ' if var.kind == 'static' else '') + self.definition(var) + '\n'

    def extern(self, var):
        return 'extern ' + re.sub(r'\$(\w+)', self.named,
                                  var.declare.replace('@@', self.part.name(var.key))) + ';\n'

    def head(self, func):
        return re.sub(r'\$(\w+)', self.named,
                      fill(func.head, self.part.params).replace('@@', self.part.name(func.key)))

    def func(self, func):
        storage = {'static': 'static ', 'global': '', 'inline': 'static '}[func.scope]
        if func.alias:
            target = self.part.name(func.alias)
            return f'{storage}{self.head(func)} __attribute__((alias("{target}")));\n'
        attrs = func.attrs + ' ' if func.attrs else ''
        weak = '__weak ' if func.weak == 'weak' else ''
        return f'{storage}{attrs}{weak}{self.head(func)}\n{{\n{self.text(func.body)}}}\n'

    def const(self, const):
        text = f'static const {const.declare.replace("@@", self.part.name(const.key))} = {const.init};\n'
        return re.sub(r'\$(\w+)', self.named, fill(text, self.part.params))


class ReferenceText:
    """A part as the reference has it: prefixes for the version, S_ for what both versions share."""

    def __init__(self, part, version, unit=0, other=None):
        self.part, self.version, self.unit, self.other = part, version, unit, other
        self.init = False
        self.lines = {}

    def text(self, template):
        text = fill(template, self.part.params)
        text = re.sub(r'LOCAL\((\w+)\)', '%gone', text)
        text = re.sub(r'LINE\((\w+)\)', lambda m: str(self.lines[f'{self.part.tag}.{m.group(1)}']), text)
        text = re.sub(r'&\$(\w+)', self.address, text)
        text = re.sub(r'\$(\w+)(\(\)?)?', self.named, text)
        return drop_empty_lines(text)

    def address(self, match):
        key = match.group(1)
        if isinstance(self.part.by_key.get(key), Func):
            return f'disp_{self.part.tag}_{key}'
        return '&' + self.name(key)

    def named(self, match):
        key, call = match.group(1), match.group(2) or ''
        piece = self.part.by_key.get(key)
        if isinstance(piece, Var) and piece.kind == 'site':
            return f'REF_{piece.macro}({self.state(piece)}' + (')' if call == '()' else ', ')
        return self.name(key) + call

    def state(self, var):
        return f'S_{self.part.tag}_{var.key}' + (f'_u{self.unit}' if var.per_unit else '')

    def name(self, key):
        piece, tag = self.part.by_key.get(key), self.part.tag
        if isinstance(piece, Var):
            return self.state(piece)
        if (isinstance(piece, Type) and piece.shared) or (isinstance(piece, Const) and piece.kept):
            return f'S_{tag}_{key}'
        if isinstance(piece, Func) and self.init:
            return f'disp_{tag}_{key}'
        inline = isinstance(piece, Func) and piece.scope == 'inline'
        return f'{self.version}_{tag}_{key}' + (f'_u{self.unit}' if inline else '')

    def head(self, func):
        head = fill(func.head, self.part.params).replace('@@', self.name(func.key))
        return re.sub(r'\$(\w+)(\(\)?)?', self.named, head)

    def func(self, func):
        if func.alias:
            return f'static {self.head(func)}\n{{\n\treturn {self.name(func.alias)}(x);\n}}\n'
        self.init = func.init
        body = self.text(func.body)
        self.init = False
        return f'static {self.head(func)}\n{{\n{body}}}\n'
