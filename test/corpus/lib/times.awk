# SPDX-License-Identifier: GPL-2.0-or-later
# Input: CPU seconds of the build <tab> those of the compiler, sorted. Output: SVG, both over
# the builds in the order of their time.

{ total[NR] = $1; compiler[NR] = $2; if ($1 > most) most = $1 }

function x(i) { return 50 + 640 * (NR > 1 ? (i - 1) / (NR - 1) : 0.5) }
function y(s) { return 270 - 230 * s / most }

function line(values, colour,  i)
{
	printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colour
	for (i = 1; i <= NR; i++)
		printf "%.1f,%.1f ", x(i), y(values[i])
	print "\"/>"
}

END {
	if (!most)
		most = 1
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"310\" font-family=\"sans-serif\" font-size=\"13\">"
	print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
	print "<text x=\"10\" y=\"18\">CPU seconds per livepatch, sorted: <tspan fill=\"#2e7d32\">whole build, warm</tspan>, <tspan fill=\"#5c6bc0\">compiler</tspan></text>"
	step = most > 40 ? 20 : most > 20 ? 10 : most > 8 ? 5 : 1
	for (s = 0; s <= most; s += step) {
		printf "<line x1=\"50\" x2=\"690\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", y(s), y(s)
		printf "<text x=\"44\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", y(s) + 4, s
	}
	line(compiler, "#5c6bc0")
	line(total, "#2e7d32")
	printf "<text x=\"690\" y=\"292\" text-anchor=\"end\">%d livepatches</text>\n", NR
	print "</svg>"
}
