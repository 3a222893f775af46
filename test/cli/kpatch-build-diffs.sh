#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one change of fs/proc/version.c, in the formats of several tools, combined with changes of files that
#   aren't compiled and that don't apply.
# Prevents: a fix that is refused for its format, or because documentation in the same diff doesn't apply; a
#   part of a diff that is silently not applied.
# Fails if: the function isn't reported as changed, or a part that can't be used is ignored without a message.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/version.c 's/utsname()->version);/utsname()->version + 1);/'
hunks=$(sed 1,2d good.patch)

# found NAME [CODE…]: a diff on stdin changes version_proc_show(), and only that; warnings have these codes
found()
{
	local name=$1 have
	shift
	cat >"$name.patch"
	kpatch_build --check "$name.patch"
	[ "$status" = 0 ] || { complain "$name: exit status $status"; cat "$work/log"; return; }
	have=$(sed -n 's/^ *changed  *\([a-z_]*\) .*/\1/p' "$work/log" | xargs)
	[ "$have" = version_proc_show ] || complain "$name: changed: '$have'"
	have=$(grep -oE '^[^ ]*: (warning )?KS[0-9]*:' "$work/log" | grep -o 'KS[0-9]*' | xargs)
	[ "$have" = "$*" ] || { complain "$name: '$have' instead of '$*'"; cat "$work/log"; }
}

# --- how tools write the names
found plain <<<"--- fs/proc/version.c
+++ fs/proc/version.c
$hunks"
found new-suffix <<<"--- fs/proc/version.c
+++ fs/proc/version.c.new	2024-02-01 10:00:00.000000000 +0100
$hunks"
found orig-suffix <<<"--- linux-6.1.orig/fs/proc/version.c.orig 2024-02-01 10:00:00
+++ linux-6.1/fs/proc/version.c 2024-02-01 10:00:00
$hunks"
found outside <<<"--- /tmp/version.c
+++ b/fs/proc/version.c
$hunks"
found subversion <<<"Index: fs/proc/version.c
===================================================================
--- fs/proc/version.c (revision 12)
+++ fs/proc/version.c (working copy)
$hunks"
found no-prefix <<<"diff --git fs/proc/version.c fs/proc/version.c
index 1234567..89abcde 100644
--- fs/proc/version.c
+++ fs/proc/version.c
$hunks"
found mode-too <<<"diff --git i/fs/proc/version.c w/fs/proc/version.c
old mode 100644
new mode 100755
index 1234567..89abcde
--- i/fs/proc/version.c
+++ w/fs/proc/version.c
$hunks"
sed 's/$/\r/' good.patch | found crlf

# --- parts that are left out needn't apply, nor be of a kind that patch(1) takes
found left-out KS319 KS319 KS319 KS319 KS319 KS319 KS319 <<<"diff --git a/Documentation/images/logo.gif b/Documentation/images/logo.gif
index 1111111..2222222 100644
GIT binary patch
literal 3
KcmZQzWMT#Y01f~L

literal 0
HcmV?d00001

diff --git a/Documentation/process/howto.rst b/Documentation/process/howto2.rst
similarity index 100%
rename from Documentation/process/howto.rst
rename to Documentation/process/howto2.rst
diff --git a/tools/testing/selftests/livepatch/README b/tools/testing/selftests/livepatch/README
deleted file mode 100644
index 1111111..0000000
--- a/tools/testing/selftests/livepatch/README
+++ /dev/null
@@ -1,1 +0,0 @@
-nothing like it
--- a/Documentation/process/submitting.rst
+++ b/Documentation/process/submitting.rst
@@ -1,3 +1,4 @@
 this text
 isn't in
+the file
 at all
Binary files a/Documentation/x.png and b/Documentation/x.png differ
--- a/.gitignore
+++ b/.gitignore
@@ -1 +1,2 @@
 no such line
+# x
diff --git a/tools/perf/new b/tools/perf/new
new file mode 100755
index 0000000..e69de29
diff --git a/fs/proc/version.c b/fs/proc/version.c
index 1234567..89abcde 100644
--- a/fs/proc/version.c
+++ b/fs/proc/version.c
$hunks"

# --- what can't be taken is said
{ cat good.patch; printf '%s\n' "Binary files a/fs/proc/x.bin and b/fs/proc/x.bin differ"; } >binary.patch
refused 2 KS316 -- --check binary.patch
{ cat good.patch; printf '%s\n' "diff -r a/fs/proc/x.c b/fs/proc/x.c" 3c3 "< a" "> b"; } >mixed.patch
refused 2 KS322 -- --check mixed.patch
{ cat good.patch; echo "Only in b/fs/proc: version-new.c"; } >only.patch
refused 2 KS322 -- --check only.patch
printf '%s\n' "--- fs/proc/version.c" "+++ fs/proc/version-new.c" "$hunks" | sed 's/version-new/uptime/' >two-names.patch
refused 2 KS169 -- --check two-names.patch
printf '%s\n' "diff --git a/fs/proc/version.c b/Documentation/version.c" "similarity index 100%" \
	"rename from fs/proc/version.c" "rename to Documentation/version.c" >moved-out.patch
refused 2 KS318 -- --check moved-out.patch
printf '%s\n' "--- a/etc/version.c" "+++ b/etc/version.c" "$hunks" >elsewhere.patch
refused 2 KS324 -- --check elsewhere.patch

exit "$failed"
