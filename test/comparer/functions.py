# SPDX-License-Identifier: GPL-2.0-or-later
"""A unit's functions as text: objdump's instructions, with what they refer to instead of offsets."""
import re
import subprocess

from elf import PC_RELATIVE, SHF_ALLOC, SHF_STRINGS, SHF_WRITE, STT_FUNC, STT_SECTION, Object

BRANCH = re.compile(r'^(?:notrack |bnd |data16 )*(call|jmp|j\w+|loop\w*|xbegin)\b')
DOTTED = re.compile(r'\.\d+(?=$|\.)')
NUMBERED = re.compile(r'(?<=__UNIQUE_ID_)(\w+?)\d+$|(?<=__BTF_ID__)(\w+?)__\d+$')


def plain(name):
    """Without the numbers that the compiler gives: count.5, foo.isra.0, __UNIQUE_ID_x123, __UNIQUE_ID_x123.7."""
    return NUMBERED.sub(lambda m: m.group(1) or m.group(2), DOTTED.sub('', name))


LOAD = re.compile(r'^mov(?:[zs]([bwl]))?[bwlq]* +0x0\(%rip\),%(\w+)$')


def bytes_read(text):
    """How many bytes of a constant a load takes; None: no load, or unknown. Others may lie behind them."""
    match = LOAD.match(text)
    if not match:
        return None
    extended, register = match.groups()
    if extended:
        return {'b': 1, 'w': 2, 'l': 4}[extended]
    if re.match(r'[abcd][lh]$|(sil|dil|spl|bpl)$|r\d+b$', register):
        return 1
    if register.startswith('xmm'):
        return None
    if register.startswith('r'):
        return {'d': 4, 'w': 2}.get(register[-1], 8) if register[1].isdigit() else 8
    return 4 if register.startswith('e') else 2


class Unit:
    def __init__(self, path):
        self.object = Object(path)
        self.code = self.disassemble(path)

    def disassemble(self, path):
        """By section name and number of its occurrence: a list of (offset, text)."""
        done = subprocess.run(['objdump', '-d', '-w', '--no-show-raw-insn', path], check=True,
                              capture_output=True, text=True)
        numbers = iter([n for n, s in enumerate(self.object.sections) if s.flags & 4 and s.size and s.type == 1])
        code, current = {}, None
        for line in done.stdout.split('\n'):
            if line.startswith('Disassembly of section '):
                number = next(numbers)
                while line != f'Disassembly of section {self.object.sections[number].name}:':
                    number = next(numbers)
                current = code[number] = []
            match = re.match(r'^ *([0-9a-f]+):\t(.*?) *$', line)
            if match:
                current.append((int(match[1], 16), match[2]))
        return code

    def functions(self):
        """Name to a list of lines; a cold part belongs to its function."""
        out = {}
        for symbol in self.object.symbols:
            if symbol.type == STT_FUNC and symbol.size and symbol.section in self.code:
                name = plain(symbol.name.removesuffix('.cold'))
                lines = self.lines(symbol)
                if symbol.name.endswith('.cold'):
                    out[name] = out.get(name, []) + ['cold:'] + lines
                else:
                    out[name] = lines + out.get(name, [])
        return out

    def is_init(self, name):
        return any(plain(s.name) == name and self.object.sections[s.section].name.startswith(('.init.', '.exit.'))
                   for s in self.object.symbols if s.type == STT_FUNC and s.section < len(self.object.sections))

    def lines(self, symbol):
        code = [(at, text) for at, text in self.code[symbol.section]
                if symbol.value <= at < symbol.value + symbol.size]
        out = []
        for n, (at, text) in enumerate(code):
            end = code[n + 1][0] if n + 1 < len(code) else symbol.value + symbol.size
            out.append(self.instruction(symbol, at, end, text))
        return out

    def instruction(self, symbol, at, end, text):
        text = re.sub(r' *[#<].*$', '', text)
        relas = self.object.relas_in(symbol.section, at, end)
        branch = BRANCH.match(text)
        if branch and relas:
            text = branch[0]
        elif branch:
            target = re.search(r'\b([0-9a-f]+)$', text)
            if target and not text.endswith(')') and '*' not in text:
                text = f'{branch[0]} {self.place(symbol, int(target[1], 16))}'
        for rela in relas:
            past = end - rela.offset if rela.type in PC_RELATIVE else 0
            text += f' {{{rela.type} {self.reference(rela, past, width=bytes_read(text))}}}'
        return text

    def place(self, symbol, offset):
        if symbol.value <= offset < symbol.value + symbol.size:
            return f'+{offset - symbol.value:#x}'
        other = self.object.symbol_at(symbol.section, offset)
        return f'{plain(other.name)}+{offset - other.value:#x}' if other else f'section+{offset:#x}'

    def reference(self, rela, past, depth=0, width=None):
        """What is referred to, by name or, if it has none, by content. past: from the place to the instruction's end;
        width: how many bytes it reads there, if that is known."""
        if rela.symbol.type != STT_SECTION:
            base = plain(rela.symbol.name) or 'nothing'
            number, offset = rela.symbol.section, rela.symbol.value + rela.addend + past
            if number in (0, 0xfff1, 0xfff2):
                return f'{base}{rela.addend + past:+}'
        else:
            number, offset = rela.symbol.section, rela.addend + past
        section = self.object.sections[number]
        if section.flags & SHF_STRINGS:
            return f'"{self.object.string(section.offset + offset)}"'
        named = self.object.symbol_at(number, offset) or self.object.symbol_before(number, offset)
        constant = section.flags & SHF_ALLOC and not section.flags & (SHF_WRITE | 4)
        if named and not constant:
            return f'{plain(named.name)}+{offset - named.value:#x}'
        if named:
            text = f'{plain(named.name)}+{offset - named.value:#x}'
            return text if depth > 1 or named.bind else text + self.data(number, named.value, named.value + named.size, depth)
        if constant:
            piece = self.object.end_of_piece(number, offset)
            end = min(piece, offset + width) if width else piece
            return section.name.split('.')[1] + self.data(number, offset, end, depth)
        return f'{plain(section.name)}+{offset:#x}'    # a variable without a size has a section of its own

    def data(self, number, start, end, depth):
        """Bytes and references of constant data."""
        if depth > 2:
            return ''
        content = bytearray(self.object.content(number, start, end))
        parts = []
        for rela in self.object.relas_in(number, start, end):
            width = 8 if rela.type == 1 else 4
            content[rela.offset - start:rela.offset - start + width] = b'\0' * width
            # a jump table's entries are relative to the table, as the compiler writes them
            past = -(rela.offset - start) if rela.type in PC_RELATIVE else 0
            parts.append(f'{rela.offset - start}:{self.reference(rela, past, depth + 1)}')
        return f'[{bytes(content).hex()} {" ".join(parts)}]'
