# SPDX-License-Identifier: GPL-2.0-or-later
# Input: count <tab> class, largest first. Output: SVG with a bar per class.

function colour(class)
{
	if (class ~ /^(livepatched|built)/) return "#2e7d32"
	if (class ~ /^unchanged/) return "#90a4ae"
	if (class ~ /^refused/) return "#f9a825"
	if (class ~ /^(no-compile|needs-header)/) return "#5c6bc0"
	return "#c62828"
}

{ n[NR] = $1; class[NR] = $2; if ($1 > most) most = $1 }

END {
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n", NR * 24 + 30
	print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
	print "<text x=\"10\" y=\"18\">diffs per class</text>"
	for (i = 1; i <= NR; i++) {
		y = i * 24 + 6
		printf "<text x=\"190\" y=\"%d\" text-anchor=\"end\">%s</text>", y + 14, class[i]
		printf "<rect x=\"200\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>", y, 460 * n[i] / most, colour(class[i])
		printf "<text x=\"%.1f\" y=\"%d\">%d</text>\n", 206 + 460 * n[i] / most, y + 14, n[i]
	}
	print "</svg>"
}
