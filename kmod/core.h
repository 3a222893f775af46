/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core's internal structures: which task owns what, and which lock protects
 * it.
 *
 * An object module may be in memory only while its target is. It must be in
 * memory whenever a livepatch that is enabled (or being enabled or disabled)
 * covers a live target. Loading and removing it needs a helper process. So its
 * states last long, and several tasks see them: those that load and unload the
 * target, the one that enables the livepatch, the one that removes it, and an
 * administrator.
 *
 * One mutex, split_lock, protects all states here. Order of locks:
 *
 *	split_lock → klp_mutex → module_mutex
 *
 * It is never held across a helper process, klp_enable_patch(), or a call to the
 * original of a hooked function: each of them loads or unloads modules, and so
 * calls the hooks again, or waits for a task that does.
 *
 * What a task may rely on while it does not hold the lock is the state itself:
 * LOADING, DRAINING and UNLOADING belong to one task, and only that task leaves
 * them.
 */
#ifndef _KLP_SPLIT_CORE_H
#define _KLP_SPLIT_CORE_H

#include "needs.h"

#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/livepatch.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "compat.h"
#include "klp_split.h"

extern struct mutex split_lock;

/*
 * How a task sleeps whose wait may last for days, and can't be given up: it is neither
 * reported as hung nor part of the load, and the machine can be suspended meanwhile. It
 * holds no lock that others need on the way there.
 */
#define SPLIT_SLEEP (TASK_IDLE | TASK_FREEZABLE)

static inline void split_sleep(long timeout)
{
	__set_current_state(SPLIT_SLEEP);
	schedule_timeout(timeout);
}

/**
 * enum object_state - the state of an object module
 * @OBJECT_IDLE: not in memory; every function of the object has the placeholder
 * @OBJECT_LOADING: its owner runs a helper that loads it; the target can't be
 *	unloaded, because its going hook waits for the end of this state
 * @OBJECT_LOADED: in memory with a reference held by the core, its functions
 *	are in the main module's tables
 * @OBJECT_DRAINING: livepatch no longer redirects to it, and its owner waits until
 *	no task is in its code (drain.c), then puts the placeholders back; the core
 *	still holds its reference
 * @OBJECT_UNLOADING: its owner removes it, and waits while others hold references
 * @OBJECT_ZOMBIE: it could not be removed; pinned for ever
 *
 *	from		to		task, and condition
 *	IDLE		LOADING		the task that loads the target (parse_args hook), for
 *					each livepatch that needs the object; or the task that
 *					enables the livepatch, if the target is live
 *	LOADING		LOADED		its owner, after the helper has ended and no task is
 *					loading a module of that name, if the object module has
 *					registered
 *	LOADING		IDLE		its owner, at the same moment, if it has not
 *	LOADED		DRAINING	the task that unloads the target (going hook), after
 *					livepatch has reverted it; or the task that removes the
 *					main module, or failed to enable the livepatch
 *	DRAINING	UNLOADING	its owner, after it has seen each task outside of the
 *					object module's code
 *	UNLOADING	IDLE		its owner, after the object module has left memory
 *	UNLOADING	ZOMBIE		its owner, if no way to remove it works, though there
 *					are no references (kernel.modules_disabled)
 *	ZOMBIE				final: the target is refused while this main module
 *					is loaded, because the object module refers to memory
 *					of a target that no longer exists
 *
 * An object module is accepted (register.c) only while its object is LOADING,
 * and only if its loading began during that LOADING: then its relocations refer
 * to this instance of the target. So it is expected only after a moment in
 * LOADING at which no task was loading one.
 *
 * Registration by the object module does not change the state. It runs inside
 * the helper's modprobe, long before modprobe has ended. If the object were
 * LOADED then, the target's going hook could start to remove a module that is
 * still being loaded, fail, and let the target be freed while the object module
 * refers to it.
 */
enum object_state {
	OBJECT_IDLE,
	OBJECT_LOADING,
	OBJECT_LOADED,
	OBJECT_DRAINING,
	OBJECT_UNLOADING,
	OBJECT_ZOMBIE,
};

#define SPLIT_USERS_SHOWN 16

/**
 * struct split_user - a task that prevents the removal of a module
 * @pid: its number
 * @address: where it is in the module's code; 0: its stack can't be walked now
 * @comm: its name
 */
struct split_user {
	pid_t pid;
	unsigned long address;
	char comm[TASK_COMM_LEN];
};

/**
 * struct split_drain - the tasks that may be in the code of a module to be removed
 * @leaver: the task in its exit function, which waits there until the module is
 *	drained, or, forced out, until it is no longer used
 * @total: number of them
 * @n: number of those in @user
 * @user: the first of them
 */
struct split_drain {
	struct task_struct *leaver;
	unsigned int total;
	unsigned int n;
	struct split_user user[SPLIT_USERS_SHOWN];
};

/**
 * struct split_object - one target of one livepatch
 * @record: the livepatch
 * @target: name and build-id of the target, in the main module
 * @klp: the main module's klp_object for the target
 * @module: name of the object module
 * @state: see there; split_lock
 * @owner: the task that leaves LOADING, DRAINING or UNLOADING; split_lock
 * @expected: its object module may be loaded; only in LOADING; split_lock
 * @refused: an object module that was loaded by hand has been refused since the
 *	core last looked; split_lock
 * @ready: what the object module registered, with a reference on that module
 *	until UNLOADING; split_lock
 * @exit_target: the target, if its exit function is replaced by the object module,
 *	from LOADED until UNLOADING; split_lock
 * @original_exit: the target's own; split_lock
 * @drain: the tasks in its code; only in DRAINING; split_lock
 * @references: number of other references to it; only in UNLOADING; split_lock
 * @failures: how often it was needed and could not be loaded; split_lock
 * @error: why the last attempt failed, as in ABI-sysfs-klp_split; NULL: it did
 *	not; split_lock
 * @kobj: its folder in sysfs; NULL: none yet
 */
struct split_object {
	struct klp_split_record *record;
	const struct klp_split_target *target;
	struct klp_object *klp;
	char module[MODULE_NAME_LEN];
	enum object_state state;
	struct task_struct *owner;
	bool expected;
	bool refused;
	const struct klp_split_object *ready;
	struct module *exit_target;
	void (*original_exit)(void);
	struct split_drain drain;
	int references;
	unsigned int failures;
	const char *error;
	struct kobject *kobj;
};

/**
 * enum record_state - the state of a livepatch
 * @RECORD_ENABLING: registered, klp_enable_patch() has not returned: a target
 *	that is loaded now needs its object module
 * @RECORD_ENABLED: klp_enable_patch() has succeeded; from now on it is needed
 *	as long as it is on klp_patches
 * @RECORD_REMOVING: never needed again; the task that removes it waits until all
 *	its objects are IDLE or ZOMBIE
 * @RECORD_DRAINING: they are; the task that removes it waits until no task is in
 *	the code of the main module, and then frees it
 */
enum record_state {
	RECORD_ENABLING,
	RECORD_ENABLED,
	RECORD_REMOVING,
	RECORD_DRAINING,
};

/**
 * struct klp_split_record - a livepatch, as long as its main module is registered
 * @node: on split_records, oldest first; written under split_lock, read also under RCU
 * @patch: what the main module has passed
 * @name: of the main module
 * @state: see there; split_lock
 * @drain: the tasks in the code of the main module; only in REMOVING and DRAINING,
 *	except for the leaver, which may be set before; split_lock
 * @kobj: its folder in sysfs; NULL: none yet
 * @n_objects: number of @objects
 * @objects: one for each target; the array itself doesn't change
 *
 * A task that doesn't hold split_lock may refer to it only while it owns one of
 * the objects (LOADING, DRAINING, UNLOADING), or removes the record. After any
 * wait the list is searched again.
 */
struct klp_split_record {
	struct list_head node;
	struct klp_split_patch *patch;
	const char *name;
	enum record_state state;
	struct split_drain drain;
	struct kobject *kobj;
	unsigned int n_objects;
	struct split_object objects[];
};

#define for_each_object(record, object)                                                            \
	for ((object) = (record)->objects; (object) < (record)->objects + (record)->n_objects;     \
	     (object)++)

/* records.c */
extern struct list_head split_records;
struct klp_split_record *split_record_find(const char *name);
struct split_object *split_record_object(struct klp_split_record *record, const char *target);
bool split_record_needed(const struct klp_split_record *record);
void split_wait_for_change(void);
void split_changed(void);

/* objects.c */
int object_load(struct split_object *object, struct module *target);
void object_unload(struct split_object *object);
int object_check_tables(const char *patch, const char *name, const struct klp_object *klp,
			const struct klp_split_func *funcs, const struct klp_split_func *end);
void object_fill(struct klp_object *klp, const struct klp_split_func *funcs,
		 const struct klp_split_func *end);
void object_empty(struct klp_object *klp);
void object_set_state(struct split_object *object, enum object_state state);

/* exits.c */
void exit_redirect(struct split_object *object, struct module *target);
bool exit_is_under_way(const struct split_object *object);
bool exit_give_back(struct split_object *object);
void exit_forget(struct split_object *object);

/* consistency.c */
bool consistency_check(const struct task_struct *task, const unsigned long *entries, int n);

/* drain.c */
void drain_look(struct split_drain *drain, const struct module *mod);
void drain_wait(struct klp_split_record *record, struct split_drain *drain,
		const struct module *mod);
ssize_t drain_show(const struct split_drain *drain, char *buf);

/* exiting.c */
void notrace exiting_begin(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			   struct ftrace_regs *fregs);
void notrace exiting_end(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs);
void exiting_find(void);
void exiting_set_state(int state);
struct task_struct *exiting_next(unsigned int *i);
unsigned int exiting_not_followed(void);

/* targets.c */
int target_coming(struct module *mod);
int target_ready(const char *doing);
void target_going(struct module *mod);
struct module *target_alive(const char *name);
bool target_is_committed(const char *name);
bool target_is_half_way(const char *name);

/* modules.c */
struct module *module_find(const char *name);
bool module_is_present(const char *name);
bool module_is_settled(const char *name);
void module_wait_settled(const char *name);
void modules_note_going(void);
bool module_was_going(const struct module *mod);

/* register.c */
int object_module_coming(struct module *mod);

/* hooks.c */
int hooks_install(void);
void hooks_remove(void);

/* loader.c */
int loader_load(const char *module);
int loader_load_file(const char *patch, const char *module);
int loader_remove(const char *module);

/* helper.c */
#define SPLIT_PARAM_SIZE 256
extern const struct kernel_param_ops split_path_ops;
char *split_copy_param(const char *param, char *copy);
int helper_run(const char *module);

/* sysfs.c */
int split_sysfs_init(void);
void split_sysfs_exit(void);
int record_sysfs_add(struct klp_split_record *record);
void record_sysfs_remove(struct klp_split_record *record);

/* buildid.c */
int build_id_check_kernel(const char *patch, const char *expected);
int build_id_check_target(const char *patch, const struct module *target, const char *expected);
int build_id_check_main(const struct module *main, const char *object, const char *expected);

/* No header that modules can include declares these. */
extern struct mutex klp_mutex; /* kernel/livepatch/core.h */
extern struct list_head klp_patches; /* kernel/livepatch/core.h */
extern struct list_head modules; /* kernel/module/internal.h */
extern struct klp_patch *klp_transition_patch; /* kernel/livepatch/transition.h */
extern void klp_init_transition(struct klp_patch *patch, int state); /* the same */
extern struct mutex module_mutex; /* kernel/module/internal.h */
extern const unsigned char __start_notes[], __stop_notes[]; /* asm-generic/vmlinux.lds.h */
extern struct module *find_module_all(const char *name, size_t len,
				      bool even_unformed); /* kernel/module/internal.h */
extern long COMPAT_SYSCALL(finit_module)(const struct pt_regs *regs);
extern long COMPAT_SYSCALL(delete_module)(const struct pt_regs *regs);

/*
 * Variables of the kernel that the core uses and that aren't exported.
 *
 * Filled in by klp relocations. Each of them makes the kernel search all of its
 * symbols (kernel/livepatch/core.c: klp_resolve_symbols(), 6.1), so each
 * variable is referred to only once, here.
 *
 * Functions are called by their names, never through a pointer: with IBT the
 * kernel has removed the ENDBR of functions whose address it doesn't use itself
 * (arch/x86/kernel/alternative.c: apply_seal_endbr(), 6.12), and an indirect
 * call of such a function faults.
 */
struct kernel_symbols {
	struct mutex *klp_mutex;
	struct list_head *klp_patches, *modules;
	struct klp_patch *const *klp_transition_patch;
	struct mutex *module_mutex;
	char *modprobe_path;
	const unsigned char *notes, *notes_end;
};

extern const struct kernel_symbols kernel;

#endif
