// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * On a terminal the running step is one line that is rewritten in place; when
 * the step ends, the line stays, with its time. Elsewhere a step is one plain
 * line, printed when it ends. progress.h says why.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "kpatch-build/progress.h"

struct step {
	char *text;
	double seconds;
	double cpu_seconds;
};

struct progress {
	bool terminal;
	bool verbose;
	FILE *events;
	double begin;
	double step_begin;
	double step_begin_cpu;
	char *running; /* text of the running step, or NULL */
	struct step *steps;
	size_t n_steps;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/*
 * Ours and that of all children that have ended: the cost of a step, however busy the machine is.
 */
static double cpu_time(void)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return self.ru_utime.tv_sec + self.ru_stime.tv_sec + children.ru_utime.tv_sec +
	       children.ru_stime.tv_sec +
	       (self.ru_utime.tv_usec + self.ru_stime.tv_usec + children.ru_utime.tv_usec +
		children.ru_stime.tv_usec) /
		       1e6;
}

struct progress *progress_new(bool verbose, FILE *events)
{
	struct progress *progress = calloc(1, sizeof(*progress));

	if (!progress)
		return NULL;
	progress->terminal = isatty(STDERR_FILENO);
	progress->verbose = verbose;
	progress->events = events;
	progress->begin = now();
	return progress;
}

void progress_free(struct progress *progress)
{
	if (!progress)
		return;
	for (size_t i = 0; i < progress->n_steps; i++)
		free(progress->steps[i].text);
	free(progress->steps);
	free(progress->running);
	free(progress);
}

/* A live line must not wrap, or else the next one can't overwrite it. */
static void show_live(const char *text, const char *detail)
{
	struct winsize size;
	int width = 80;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
		width = size.ws_col;
	width -= 4;
	fprintf(stderr, "\r\033[K  %.*s", width, text);
	width -= strlen(text) + 2;
	if (detail && width > 8)
		fprintf(stderr, ": %.*s", width, detail);
	fflush(stderr);
}

/* Print it at once, as a reader may be waiting. @seconds is negative if the step begins. */
static void tell(struct progress *progress, const char *step, double seconds)
{
	json_t *event;

	if (!progress->events || !step)
		return;
	event = json_pack("{s:s, s:s}", "event", seconds < 0 ? "begin" : "end", "step", step);
	if (seconds >= 0)
		json_object_set_new(event, "seconds", json_real(seconds));
	json_dumpf(event, progress->events, JSON_COMPACT);
	fputc('\n', progress->events);
	fflush(progress->events);
	json_decref(event);
}

void progress_end(struct progress *progress)
{
	struct step *steps;
	double seconds;

	if (!progress->running)
		return;
	seconds = now() - progress->step_begin;
	if (progress->terminal)
		fputs("\r\033[K", stderr);
	fprintf(stderr, "  %-60s %7.2f s\n", progress->running, seconds);
	tell(progress, progress->running, seconds);
	steps = realloc(progress->steps, (progress->n_steps + 1) * sizeof(*steps));
	if (steps) {
		progress->steps = steps;
		steps[progress->n_steps].text = progress->running;
		steps[progress->n_steps].cpu_seconds = cpu_time() - progress->step_begin_cpu;
		steps[progress->n_steps++].seconds = seconds;
	} else {
		free(progress->running);
	}
	progress->running = NULL;
}

void progress_step(struct progress *progress, const char *fmt, ...)
{
	va_list ap;

	progress_end(progress);
	va_start(ap, fmt);
	if (vasprintf(&progress->running, fmt, ap) < 0)
		progress->running = NULL;
	va_end(ap);
	progress->step_begin = now();
	progress->step_begin_cpu = cpu_time();
	tell(progress, progress->running, -1);
	if (progress->terminal && progress->running)
		show_live(progress->running, NULL);
}

void progress_detail(struct progress *progress, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	if (!progress->running || !(progress->terminal || progress->verbose))
		return;
	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (progress->verbose) {
		if (progress->terminal)
			fputs("\r\033[K", stderr);
		fprintf(stderr, "    %s\n", text);
	} else {
		show_live(progress->running, text);
	}
	free(text);
}

double progress_total(const struct progress *progress)
{
	return now() - progress->begin;
}

json_t *progress_to_json(const struct progress *progress)
{
	json_t *array = json_array();

	for (size_t i = 0; i < progress->n_steps; i++)
		json_array_append_new(array,
				      json_pack("{s:s, s:f, s:f}", "step", progress->steps[i].text,
						"seconds", progress->steps[i].seconds,
						"cpu_seconds", progress->steps[i].cpu_seconds));
	return array;
}
