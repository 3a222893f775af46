# SPDX-License-Identifier: GPL-2.0-or-later
"""Sections, symbols and relocations of a relocatable x86-64 object, read with struct: another reader than the tools'."""
import bisect
import struct
from collections import defaultdict, namedtuple

Section = namedtuple('Section', 'name type flags offset size link info')
Symbol = namedtuple('Symbol', 'name type bind section value size')
Rela = namedtuple('Rela', 'offset type symbol addend')

SHT_SYMTAB, SHT_RELA, SHT_NOBITS = 2, 4, 8
SHF_WRITE, SHF_ALLOC, SHF_STRINGS = 1, 2, 0x20
STT_OBJECT, STT_FUNC, STT_SECTION = 1, 2, 3
PC_RELATIVE = (2, 4, 9, 41, 42)    # PC32, PLT32, GOTPCREL and its relaxed forms


class Object:
    def __init__(self, path):
        with open(path, 'rb') as file:
            self.bytes = file.read()
        self.sections = self.read_sections()
        self.symbols = self.read_symbols()
        self.relas = defaultdict(list)
        for section in self.sections:
            if section.type == SHT_RELA:
                self.relas[section.info] = self.read_relas(section)
        self.objects = defaultdict(list)    # by section: (value, symbol), of data and functions
        for symbol in self.symbols:
            if symbol.type in (STT_OBJECT, STT_FUNC) and symbol.size:
                self.objects[symbol.section].append((symbol.value, symbol))
        for found in self.objects.values():
            found.sort(key=lambda entry: entry[0])
        self.marks = self.read_marks()

    def read_sections(self):
        at, = struct.unpack_from('<Q', self.bytes, 0x28)
        size, count, names = struct.unpack_from('<HHH', self.bytes, 0x3a)
        if not count:   # more than a half-word holds: the first section's size says it
            count, = struct.unpack_from('<Q', self.bytes, at + 0x20)
        heads = [struct.unpack_from('<IIQQQQIIQQ', self.bytes, at + n * size) for n in range(count)]
        if names == 0xffff:
            names = heads[0][6]
        strings = heads[names][4]
        return [Section(self.string(strings + h[0]), h[1], h[2], h[4], h[5], h[6], h[7]) for h in heads]

    def string(self, at):
        return self.bytes[at:self.bytes.index(b'\0', at)].decode('latin-1')

    def read_symbols(self):
        table = next(s for s in self.sections if s.type == SHT_SYMTAB)
        strings = self.sections[table.link].offset
        out = []
        for at in range(table.offset, table.offset + table.size, 24):
            name, info, _, section, value, size = struct.unpack_from('<IBBHQQ', self.bytes, at)
            out.append(Symbol(self.string(strings + name), info & 15, info >> 4, section, value, size))
        return out

    def read_relas(self, section):
        out = []
        for at in range(section.offset, section.offset + section.size, 24):
            offset, info, addend = struct.unpack_from('<QQq', self.bytes, at)
            out.append(Rela(offset, info & 0xffffffff, self.symbols[info >> 32], addend))
        return sorted(out, key=lambda r: r.offset)

    def read_marks(self):
        """By section: offsets at which something starts, because a symbol or a relocation says so."""
        marks = defaultdict(set)
        for symbol in self.symbols:
            if symbol.type in (STT_OBJECT, STT_FUNC):
                marks[symbol.section].add(symbol.value)
        for relas in self.relas.values():
            for rela in relas:
                if rela.symbol.type == STT_SECTION:
                    marks[rela.symbol.section].add(rela.addend + (4 if rela.type in PC_RELATIVE else 0))
        return {section: sorted(found) for section, found in marks.items()}

    def content(self, number, start, end):
        section = self.sections[number]
        if section.type == SHT_NOBITS:
            return b'\0' * (end - start)
        return self.bytes[section.offset + start:section.offset + end]

    def relas_in(self, number, start, end):
        relas = self.relas.get(number, [])
        first = bisect.bisect_left(relas, start, key=lambda r: r.offset)
        last = bisect.bisect_left(relas, end, key=lambda r: r.offset)
        return relas[first:last]

    def symbol_at(self, number, offset):
        """What covers the offset, or None."""
        found = self.objects.get(number, [])
        at = bisect.bisect_right(found, offset, key=lambda entry: entry[0]) - 1
        if at >= 0 and offset < found[at][0] + found[at][1].size:
            return found[at][1]
        return None

    def symbol_before(self, number, offset):
        """What ends at the offset: the end of an array, which code compares pointers with. Or None."""
        found = self.objects.get(number, [])
        at = bisect.bisect_left(found, offset, key=lambda entry: entry[0]) - 1
        return found[at][1] if at >= 0 and found[at][0] + found[at][1].size == offset else None

    def end_of_piece(self, number, offset):
        """Where the next thing of the section starts."""
        marks = self.marks.get(number, [])
        at = bisect.bisect_right(marks, offset)
        return marks[at] if at < len(marks) else self.sections[number].size
