// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel runs elsewhere, and its packages are in another suite than those of
 * the builder's machine. Adding that suite to the system's sources would need
 * root, and change what the machine installs next.
 *
 * So each suite has a state of apt in the cache: sources, lists, and a system
 * with nothing installed. The rest of the configuration (proxies, certificates)
 * is the machine's own. apt makes the same security checks here, with the
 * archive's own keys, whatever else the machine trusts.
 */
#include <errno.h>
#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch-build/kernel/apt.h"
#include "kpatch-build/kernel/debs.h"
#include "kpatch-build/kernel/mirrors.h"
#include "kpatch-build/progress.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/temporary.h"
#include "lib/text.h"

/* Archives change four times a day. */
#define LISTS_LAST (60 * 60)

/* Of debian-archive-keyring; newer versions have another file name. */
static const char *const keyrings[] = {
	"/usr/share/keyrings/debian-archive-keyring.gpg",
	"/usr/share/keyrings/debian-archive-keyring.pgp",
};

static const char *keyring_of(const struct job *job)
{
	if (job->options.keyring)
		return job->options.keyring;
	for (size_t i = 0; i < ARRAY_SIZE(keyrings); i++)
		if (path_exists(keyrings[i]))
			return keyrings[i];
	return NULL;
}

/*
 * On the command line of each call: no configuration of the machine can make us accept unsigned
 * data.
 */
static const char *const always[] = {
	"--option=APT::Get::AllowUnauthenticated=false",
	"--option=Acquire::AllowInsecureRepositories=false",
	"--option=Acquire::AllowDowngradeToInsecureRepositories=false",
	"--option=Acquire::AllowWeakRepositories=false",
};

static void begin_command(struct strvec *argv, const struct apt *apt, const char *program)
{
	strvec_add(argv, program);
	if (apt->conf)
		strvec_addf(argv, "--config-file=%s", apt->conf);
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		strvec_add(argv, always[i]);
	if (geteuid() == 0) /* otherwise apt's own user would need permissions in our cache */
		strvec_add(argv, "--option=APT::Sandbox::User=root");
}

static char *configuration(const struct job *job, const char *state)
{
	return format("Dir::State \"%s\";\n"
		      "Dir::State::lists \"lists/\";\n"
		      "Dir::State::status \"%s/status\";\n"
		      "Dir::Cache \"%s\";\n"
		      "Dir::Cache::pkgcache \"pkgcache.bin\";\n"
		      "Dir::Etc::sourcelist \"%s/sources.list\";\n"
		      "Dir::Etc::sourceparts \"/dev/null\";\n"
		      "Dir::Etc::preferences \"/dev/null\";\n"
		      "Dir::Etc::preferencesparts \"/dev/null\";\n"
		      "APT::Install-Recommends \"false\";\n"
		      "APT::Default-Release \"\";\n"
		      "Acquire::Languages \"none\";\n"
		      "#clear APT::Update::Pre-Invoke;\n" /* they are about the system's lists */
		      "#clear APT::Update::Post-Invoke;\n"
		      "#clear APT::Update::Post-Invoke-Success;\n"
		      "%s",
		      state, state, state, state,
		      job->options.allow_expired ? "Acquire::Check-Valid-Until \"false\";\n" : "");
}

static int sources(const struct job *job, const struct suite *suite, char **text)
{
	const char *keyring = keyring_of(job);
	struct mirrors mirrors;
	char *security = NULL;
	int err;

	if (!keyring) {
		diag_error(job->diag, "KS383", NULL, "%s", suite->name);
		diag_detail(job->diag, "there is no %s", keyrings[0]);
		return -ENOENT;
	}
	err = mirrors_find(job, &mirrors);
	if (err)
		return err;
	if (suite->has_security && mirrors.security)
		security = format("deb [signed-by=%s target=Packages] %s %s-security main\n",
				  keyring, mirrors.security, suite->name);
	*text = format("deb [signed-by=%s target=Packages] %s %s main\n%s", keyring, mirrors.main,
		       suite->name, security ?: "");
	err = *text ? 0 : diag_oom(job->diag);
	free(security);
	mirrors_free(&mirrors);
	return err;
}

/* What apt prints when it fails: it has no codes. */
static const struct {
	const char *says, *code;
} failures[] = {
	{ "is expired (invalid since", "KS382" },
	{ "GPG error:", "KS383" },
	{ "is not signed", "KS383" },
	{ "does not have a Release file", "KS381" },
};

static const char *failure_of(const char *log, bool failed)
{
	for (size_t i = 0; log && i < ARRAY_SIZE(failures); i++)
		if (strstr(log, failures[i].says))
			return failures[i].code;
	return failed ? "KS381" : NULL;
}

static bool has_lists(const char *state)
{
	char *lists = path_join(state, "lists", NULL);
	DIR *dir = lists ? opendir(lists) : NULL;
	struct dirent *entry;
	bool has = false;

	while (dir && !has && (entry = readdir(dir)))
		has = !fnmatch("*_Packages*", entry->d_name, 0);
	if (dir)
		closedir(dir);
	free(lists);
	return has;
}

/*
 * Without network apt keeps its lists, and succeeds: they were verified when they were downloaded.
 */
static int update_lists(const struct job *job, const struct apt *apt, const char *state)
{
	struct process process = { 0 };
	struct strvec argv = { 0 };
	const char *code;
	int err;

	begin_command(&argv, apt, "apt-get");
	strvec_add(&argv, "update");
	err = strvec_done(&argv, job->diag);
	if (err)
		return err;
	progress_step(job->progress, "ask the archive for %s", apt->suite->name);
	process.argv = argv.list;
	err = process_run(&process);
	code = failure_of(process.log, err || !has_lists(state));
	if (code) {
		err = diag_error(job->diag, code, NULL, "%s", apt->suite->name);
		run_report_log(job->diag, process.log);
	}
	process_end(&process);
	strvec_free(&argv);
	return err;
}

static int write_state(const char *state, const char *name, const char *text, struct diag *diag)
{
	char *path = path_join(state, name, NULL);
	int err = path ? write_file_atomic(path, text, strlen(text), 0644) : -ENOMEM;

	if (err)
		diag_errno(diag, -err, path ?: state, "write");
	free(path);
	return err;
}

/* Lists of another mirror, or for other options, are not those that are needed. */
static bool is_fresh(const char *state, const char *sources)
{
	char *path = path_join(state, "asked", NULL), *asked = NULL;
	struct stat st;
	size_t size;
	bool fresh;

	fresh = path && !stat(path, &st) && time(NULL) - st.st_mtime < LISTS_LAST &&
		time(NULL) >= st.st_mtime && !read_file(path, &asked, &size) &&
		!strcmp(asked, sources);
	free(asked);
	free(path);
	return fresh;
}

static int make_state(const struct job *job, const struct apt *apt, const char *state,
		      const char *conf, const char *sources)
{
	char *partial = path_join(state, "lists/partial", NULL);
	int err = partial ? make_dirs(partial) : -ENOMEM;

	if (err)
		diag_errno(job->diag, -err, state, "make");
	err = err ?: write_state(state, "status", "", job->diag);
	err = err ?: write_state(state, "apt.conf", conf, job->diag);
	err = err ?: write_state(state, "sources.list", sources, job->diag);
	if (!err && !is_fresh(state, sources)) {
		err = update_lists(job, apt, state);
		err = err ?: write_state(state, "asked", sources, job->diag);
	}
	free(partial);
	return err;
}

static void tell_waiting(const char *path, void *arg)
{
	progress_step(arg, "wait for another run at %s", path);
}

static int open_state(const struct job *job, const struct apt *apt, const char *state)
{
	char *lock = path_join(state, "klp-split.lock", NULL), *text = NULL;
	char *conf = configuration(job, state);
	int err = lock && conf ? make_dirs(state) : -ENOMEM, fd = -1;

	if (!err)
		fd = lock_file(lock, tell_waiting, job->progress);
	if (err || fd < 0)
		err = diag_errno(job->diag, err ? -err : -fd, state, "lock");
	err = err ?: sources(job, apt->suite, &text);
	err = err ?: make_state(job, apt, state, conf, text);
	if (fd >= 0)
		unlock_file(fd);
	free(text);
	free(conf);
	free(lock);
	return err;
}

int apt_open(const struct job *job, const struct kernel *kernel, const struct suite *suite,
	     struct apt *apt)
{
	char *state;
	int err;

	memset(apt, 0, sizeof(*apt));
	if (!suite)
		return 0;
	apt->suite = suite;
	state = path_join(kernel->cache, "apt", suite->name, NULL);
	apt->conf = state ? path_join(state, "apt.conf", NULL) : NULL;
	err = apt->conf ? open_state(job, apt, state) : diag_oom(job->diag);
	if (err)
		apt_close(apt);
	free(state);
	return err;
}

void apt_close(struct apt *apt)
{
	free(apt->conf);
	memset(apt, 0, sizeof(*apt));
}

int apt_show(const struct apt *apt, const struct strvec *packages, char **text, struct diag *diag)
{
	struct process process = { 0 };
	struct strvec argv = { 0 };
	int err;

	begin_command(&argv, apt, "apt-cache");
	strvec_add(&argv, "show");
	strvec_add(&argv, "--no-all-versions");
	for (size_t i = 0; i < packages->n; i++)
		strvec_add(&argv, packages->list[i]);
	err = strvec_done(&argv, diag);
	if (!err) {
		process.argv = argv.list;
		err = process_run(&process);
		err = err == -ECHILD || (!err && !process.log) ? -ENOENT : err ? -EIO : 0;
	}
	*text = err ? NULL : process.log;
	if (!err)
		process.log = NULL;
	process_end(&process);
	strvec_free(&argv);
	return err;
}

char *apt_field(const char *text, const char *field)
{
	size_t n = strlen(field);

	for (const char *at = text; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
		if (!strncmp(at, field, n) && at[n] == ':')
			return strndup(at + n + 2, strcspn(at + n + 2, "\n"));
	return NULL;
}

/* apt-cache succeeds without a record if it knows the package, but not that version. */
static bool is_record_of(const char *record, const char *package)
{
	const char *version = strchr(package, '=');
	char *has = apt_field(record, "Version");
	bool is = has && (!version || !strcmp(has, version + 1));

	free(has);
	return is;
}

int apt_show_one(const struct apt *apt, const char *package, char **text, struct diag *diag)
{
	struct strvec packages = { 0 };
	char *record = NULL;
	int err;

	strvec_add(&packages, package);
	err = strvec_done(&packages, diag);
	err = err ?: apt_show(apt, &packages, &record, diag);
	if (!err && !is_record_of(record, package))
		err = -ENOENT;
	if (err)
		free(record);
	else
		*text = record;
	strvec_free(&packages);
	return err;
}

int apt_names(const struct job *job, const struct apt *apt, const char *begin, char **names)
{
	struct strvec argv = { 0 };
	int err;

	begin_command(&argv, apt, "apt-cache");
	strvec_add(&argv, "pkgnames");
	strvec_add(&argv, begin);
	err = strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS305", "all kernels", NULL, argv.list, names);
	strvec_free(&argv);
	return err;
}

/* apt leaves a partial package in its target folder: that folder is removed. */
int apt_download(const struct job *job, const struct apt *apt, const char *package,
		 const char *into)
{
	struct strvec argv = { 0 };
	char *temp;
	int err;

	begin_command(&argv, apt, "apt-get");
	strvec_add(&argv, "download");
	strvec_add(&argv, package);
	err = strvec_done(&argv, job->diag);
	if (!err && (err = make_temp_dir(into, ".download-", &temp)))
		diag_errno(job->diag, -err, into, "write");
	if (!err) {
		err = run(job, "KS306", package, temp, argv.list, NULL);
		err = err ?: keep_debs(temp, into, job->diag);
		remove_tree(temp);
		free(temp);
	}
	strvec_free(&argv);
	return err;
}

int apt_download_closure(const struct job *job, const struct apt *apt,
			 const struct strvec *packages, const char *into)
{
	struct strvec argv = { 0 };
	int err;

	begin_command(&argv, apt, "apt-get");
	strvec_addf(&argv, "--option=Dir::Cache::archives=%s/", into);
	strvec_add(&argv, "--option=APT::Keep-Downloaded-Packages=true");
	strvec_add(&argv, "--yes");
	strvec_add(&argv, "--download-only");
	strvec_add(&argv, "install");
	for (size_t i = 0; i < packages->n; i++)
		strvec_add(&argv, packages->list[i]);
	err = strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS306", "compiler", NULL, argv.list, NULL);
	strvec_free(&argv);
	return err;
}
