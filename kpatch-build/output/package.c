// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fleet installs packages, not folders. One package is one livepatch for one
 * kernel: it depends on exactly that kernel, and its scripts leave the work to
 * kpatch (templates/livepatch.postinst, livepatch.prerm).
 *
 * An upgrade has to replace the old livepatch in one step, and two livepatches
 * of one name can't be in memory; so the package's version is part of the name:
 * version 2 of "fix" is livepatch fix_2.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/output/package.h"
#include "kpatch-build/run.h"

/* Package names have no capitals and no '_'. */
static char *package_name(const struct build *build)
{
	size_t base = strlen(build->name) - strlen(build->options.package_version) - 1;
	char *name = format("livepatch-%.*s-%s", (int)base, build->name, build->kernel.release);

	for (char *c = name; c && *c; c++)
		*c = *c == '_' ? '-' : tolower((unsigned char)*c);
	return name;
}

static char *package_maintainer(void)
{
	const char *name = getenv("DEBFULLNAME"), *mail = getenv("DEBEMAIL");

	return format("%s <%s>", name ?: "unknown", mail ?: "unknown@klp-split.invalid");
}

static time_t newest_diff(const struct build *build)
{
	time_t newest = 0;
	struct stat st;

	for (size_t i = 0; i < build->n_diffs; i++)
		if (!stat(build->diffs[i].path, &st) && st.st_mtime > newest)
			newest = st.st_mtime;
	return newest;
}

static int begin(struct build *build, struct package *package)
{
	package->name = package_name(build);
	package->version = strdup(build->options.package_version);
	package->maintainer = package_maintainer();
	package->tree = path_join(build->work, "package", NULL);
	package->date = newest_diff(build);
	return package->name && package->version && package->maintainer && package->tree
		       ? 0
		       : diag_oom(build->diag);
}

static void end(struct package *package)
{
	free(package->name);
	free(package->version);
	free(package->architecture);
	free(package->maintainer);
	free(package->tree);
}

int package_put(struct build *build, const char *root, const char *folder, const char *name,
		char *text, mode_t mode)
{
	char *dir = path_join(root, folder, NULL);
	char *path = dir ? path_join(dir, name, NULL) : NULL;
	int err = path && text ? make_dirs(dir) : -ENOMEM;

	err = err ?: write_file_atomic(path, text, strlen(text), mode);
	err = err ?: chmod(path, mode) ? -errno : 0;
	if (err)
		diag_errno(build->diag, -err, path ?: name, "write");
	free(path);
	free(dir);
	free(text);
	return err;
}

/* The distribution's kernel has a version; one that somebody built is known by its build-id alone.
 */
static char *control_text(const struct build *build, const struct package *package)
{
	const struct kernel *kernel = &build->kernel;
	char *image = NULL, *text;

	if (!kernel->by_hand)
		image = format(", linux-image-%s (= %s)", kernel->release, kernel->version);
	text = format(
		"Package: %s\n"
		"Version: %s\n"
		"Architecture: %s\n"
		"Maintainer: %s\n"
		"Section: kernel\n"
		"Priority: optional\n"
		"Depends: klp-split%s\n"
		"Description: livepatch %s for Linux %s\n"
		" Takes a fix into force on the running kernel, and at each boot of it, without\n"
		" a reboot. It was built for exactly this build of the kernel.\n",
		package->name, package->version, package->architecture, package->maintainer,
		image ?: "", build->name, kernel->release);
	free(image);
	return text;
}

/* "Subject: [PATCH 1/2] net: mend it", as git writes it; else the diff's file name. */
char *package_headline(const char *path)
{
	const char *slash = strrchr(path, '/'), *at;
	char *text, *subject = NULL;
	size_t size;

	if (!read_file(path, &text, &size)) {
		at = !strncmp(text, "Subject: ", 9) ? text : strstr(text, "\nSubject: ");
		if (at) {
			at = strchr(at, ':') + 2;
			if (*at == '[' && strchr(at, ']'))
				at = strchr(at, ']') + 1;
			at += strspn(at, " ");
			subject = strndup(at, strcspn(at, "\n"));
		}
		free(text);
	}
	return subject ?: strdup(slash ? slash + 1 : path);
}

static char *changelog_text(const struct build *build, const struct package *package)
{
	char *text = format("%s (%s) unstable; urgency=high\n\n", package->name, package->version);
	char date[64] = "", *longer, *line;
	struct tm tm;

	for (size_t i = 0; i < build->n_diffs && text; i++) {
		line = package_headline(build->diffs[i].path);
		longer = line ? format("%s  * %s\n", text, line) : NULL;
		free(line);
		free(text);
		text = longer;
	}
	if (gmtime_r(&package->date, &tm))
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	longer = text ? format("%s\n -- %s  %s\n", text, package->maintainer, date) : NULL;
	free(text);
	return longer;
}

static char *copyright_text(void)
{
	return strdup(
		"Copyright (C) the authors of the Linux kernel, and of the diffs.\n\n"
		"The modules are changed parts of the Linux kernel, and under its licence, the\n"
		"GNU General Public License, version 2: /usr/share/common-licenses/GPL-2.\n");
}

static char *fill_one(char *text, const char *mark, const char *value)
{
	char *at, *longer;
	size_t done = 0;

	while (text && (at = strstr(text + done, mark))) {
		*at = '\0';
		done = at - text + strlen(value); /* what is filled in isn't looked at */
		longer = format("%s%s%s", text, value, at + strlen(mark));
		free(text);
		text = longer;
	}
	return text;
}

char *package_fill(const struct build *build, const struct package *package, char *text,
		   const struct package_mark *marks, size_t n)
{
	const struct package_mark own[] = {
		{ "@NAME@", build->name },
		{ "@RELEASE@", build->kernel.release },
		{ "@PACKAGE@", package->name },
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		text = fill_one(text, own[i].mark, own[i].value);
	for (size_t i = 0; i < n; i++)
		text = fill_one(text, marks[i].mark, marks[i].value);
	return text;
}

char *package_template(struct build *build, const struct package *package, const char *name)
{
	char *path = path_join(build->data, "templates", name, NULL), *text = NULL;
	size_t size;
	int err = path ? read_file(path, &text, &size) : -ENOMEM;

	if (err) {
		diag_errno(build->diag, -err, path ?: name, "read");
		text = NULL;
	}
	free(path);
	text = text ? package_fill(build, package, text, NULL, 0) : NULL;
	if (!text && !err)
		diag_oom(build->diag);
	return text;
}

static int put_script(struct build *build, const struct package *package, const char *name,
			      const char *template)
{
	char *text = package_template(build, package, template);

	return text ? package_put(build, package->tree, "DEBIAN", name, text, 0755) : -EINVAL;
}

static int put_documents(struct build *build, const struct package *package)
{
	char *folder = path_join("usr/share/doc", package->name, NULL);
	char *log = folder ? path_join(package->tree, folder, "changelog", NULL) : NULL;
	const char *argv[] = { "gzip", "-9n", log, NULL };
	int err = log ? 0 : diag_oom(build->diag);

	err = err ?: package_put(build, package->tree, folder, "changelog", changelog_text(build, package), 0644);
	err = err ?: package_put(build, package->tree, folder, "copyright", copyright_text(), 0644);
	err = err ?: run(build, PACKAGE_FAILED, "changelog", NULL, argv, NULL);
	free(log);
	free(folder);
	return err;
}

static int put_modules(struct build *build, const struct package *package)
{
	char *folder = path_join(package->tree, "usr/lib/klp-split/livepatches",
				 build->kernel.release, build->name, NULL);
	int err = folder ? make_dirs(folder) : -ENOMEM;

	err = err ?: fill_output(build, folder);
	if (err)
		diag_errno(build->diag, -err, folder ?: build->name, "write");
	free(folder);
	return err;
}

static int put_control(struct build *build, const struct package *package)
{
	char *control = control_text(build, package);
	int err = package_put(build, package->tree, "DEBIAN", "control", control, 0644);

	err = err ?: put_script(build, package, "postinst", "livepatch.postinst");
	return err ?: put_script(build, package, "prerm", "livepatch.prerm");
}

int package_run(struct build *build, const struct package *package, const char *const *argv)
{
	char *epoch = format("%lld", (long long)package->date);
	int err = epoch ? 0 : diag_oom(build->diag);

	if (!err) {
		setenv("SOURCE_DATE_EPOCH", epoch, 1); /* see unwanted[] in main.c */
		err = run(build, PACKAGE_FAILED, package->name, NULL, argv, NULL);
		unsetenv("SOURCE_DATE_EPOCH");
	}
	free(epoch);
	return err;
}

static int run_dpkg_deb(struct build *build, const struct package *package)
{
	char *deb = format("%s/%s_%s_%s.deb", build->work, package->name, package->version,
			   package->architecture);
	const char *argv[] = {
		"dpkg-deb", "--root-owner-group", "-Zxz", "--build", package->tree, deb, NULL,
	};
	int err = deb ? package_run(build, package, argv) : diag_oom(build->diag);

	if (err)
		free(deb);
	else
		build->package = deb;
	return err;
}

int package_deb(struct build *build, struct package *package)
{
	const char *argv[] = { "dpkg", "--print-architecture", NULL };
	int err = run(build, PACKAGE_FAILED, "which architecture", NULL, argv,
		      &package->architecture);

	if (err)
		return err;
	package->architecture[strcspn(package->architecture, "\n")] = '\0';
	err = put_documents(build, package);
	err = err ?: put_control(build, package);
	return err ?: run_dpkg_deb(build, package);
}

static const struct package_kind {
	const char *name;
	int (*make)(struct build *build, struct package *package);
} kinds[] = {
	{ "deb", package_deb },
	{ "rpm", package_rpm },
};

int make_package(struct build *build)
{
	struct package package = { 0 };
	mode_t mask;
	int err;

	if (!build->options.package)
		return 0;
	progress_step(build->progress, "package");
	mask = umask(022); /* modes in the package are no matter of who builds it */
	err = begin(build, &package);
	err = err ?: put_modules(build, &package);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && !err; i++)
		if (!strcmp(kinds[i].name, build->options.package))
			err = kinds[i].make(build, &package);
	umask(mask);
	end(&package);
	return err;
}
