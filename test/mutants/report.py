# SPDX-License-Identifier: GPL-2.0-or-later
"""What became of each mutant: a table by kind of edit, and the wrong ones with all that is needed to run them again."""
from collections import Counter, defaultdict

COLUMNS = ('right', 'refused', 'unchanged', 'wrong', 'failed')


def judge(expected, found, complaint):
    """Of what was built: (class, text)."""
    if complaint.startswith('guest.sh ended'):
        return 'failed', complaint
    if complaint:
        return 'wrong', complaint
    if not found:
        return 'wrong', 'it printed nothing'
    for mode in ('first', 'later'):
        found[mode] = found[mode] + [' '.join(['exit'] + found[f'exit {mode}'])]
        for number, line in enumerate(expected[mode]):
            got = found[mode][number] if number < len(found[mode]) else '(nothing)'
            if got != line:
                return 'wrong', f'{mode}, line {number + 1}: "{got}" instead of "{line}"'
    return 'right', ''


def judge_unchanged(expected):
    """'Nothing changed' is right if the new functions compute what the old ones do."""
    for number, (new, old) in enumerate(zip(expected['first'], expected['unpatched'])):
        if new != old:
            return 'wrong', f'"nothing changed", but line {number + 1} becomes "{new}", not "{old}"'
    return 'unchanged', ''


def table(results):
    """results: list of dicts with edits, verdict, class, text."""
    rows = defaultdict(Counter)
    codes = defaultdict(Counter)
    verdicts = {}
    for result in results:
        main = result['edits'][0]
        verdicts.setdefault(main, result['main_verdict'])
        rows[main][result['class']] += 1
        if result['class'] == 'refused':
            codes[main].update(result['text'].split())
    width = max(len(name) for name in rows)
    lines = [f'{"edit":{width}}  {"may it":6} ' + ' '.join(f'{c:>9}' for c in COLUMNS) + '  codes']
    for name in sorted(rows):
        counts = ' '.join(f'{rows[name][c] or "":>9}' for c in COLUMNS)
        lines.append(f'{name:{width}}  {verdicts[name]:6} {counts}  ' + ' '.join(sorted(codes[name])))
    return '\n'.join(lines)


def summary(results):
    counts = Counter(r['class'] for r in results)
    can = [r for r in results if r['verdict'] == 'can']
    made = sum(r['class'] in ('right', 'unchanged') for r in can)
    line = f'{len(results)} mutants: ' + ', '.join(f'{counts[c]} {c}' for c in COLUMNS)
    if can:
        line += f'; of {len(can)} that a livepatch can make, {made} ({100 * made // len(can)}%) are made'
    return line
