/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the core's protocol is right depends on interleavings that no test
 * can force one by one: a target comes or goes at any step of livepatches being
 * enabled, reversed, replaced, removed, and helpers fail at any of theirs.
 * Spin goes through all of them, for one target and N livepatches of it.
 *
 * The core is modelled lock by lock and step by step as in targets.c, records.c,
 * patches.c and objects.c, with the same names; the kernel's livepatch as far as the core
 * relies on it. What is here in one atomic step is there under one lock that is
 * not dropped in between. The locks are here too: who waits for one inside such
 * a step lets the others go on, and a deadlock shows as a state without an end.
 *
 *	-DN=2		livepatches, each with code for vmlinux and for the target
 *	-DREPLACE	a livepatch replaces those before it (else: they are stacked)
 *	-DSTRAY		somebody also loads the object module of livepatch 0 by hand, or a child
 *			of a killed helper does, at any moment
 *	-DCORE		the core is loaded and removed, at any moment: its hooks are installed one by
 *			one while the target is loaded or unloaded (without: it is there all the time)
 *	-DBREAK_...	one mistake in the protocol, that must be found: see `check`
 *	-DONLY_ORDER	look for a wrong order of livepatches only
 *
 * Not modelled: what several targets have to do with one another (nothing: they
 * share the locks only); lack of memory; a user who forces a module out.
 */
#ifndef N
#define N 2
#endif

/* A mistake often breaks several rules; the order is the last to be noticed. */
#ifdef ONLY_ORDER
#define NEVER(what) skip
#else
#define NEVER(what) assert(!(what))
#endif

#define TARGET N		/* who waits: each livepatch's task, and the target's */

#define OF_VMLINUX 0
#define OF_TARGET 1

/* kernel/livepatch/core.c, and the module loader */
bit klp_mutex;
bit on_list[N];			/* klp_patches */
bit is_enabled[N];		/* klp_patch.enabled */
bit main_held[N];		/* livepatch's reference on the main module */
byte transition;		/* 0: none, else number of the livepatch + 1 */
byte stack[2 * N], top[2];	/* functions of vmlinux, and of the target: livepatches, oldest first */
bit target_memory;		/* the target is in memory */
bit target_alive;		/* module.klp_alive */
bit target_keys;		/* its COMING notifiers have run: static keys, ftrace */
bit target_runs;		/* its own code can run: parameters, init, exit */

/* An object module, as the module loader sees it. */
bit object_memory[N];		/* in memory, and refers to the target's */
bit object_comes[N];		/* its load has not ended: it can't be removed */
bit object_pinned[N];		/* could not be removed: for ever in memory, never to run */
bit stray_begun;		/* a stray one: its symbols are resolved, the coming hook is still to come */
bit stray_stale;		/* the target that they were resolved in has gone since */

/* The core. */
mtype = { IDLE, LOADING, LOADED, DRAINING, UNLOADING, ZOMBIE };
mtype = { NONE, ENABLING, ENABLED, REMOVING };
bit split_lock;
bit woken[N + 1];		/* the wait queue: whoever waits sees each change since */
mtype record[N] = NONE;
mtype object[N] = IDLE;
bit ready[N];			/* split_object.ready */
bit expected[N];		/* split_object.expected */
bit filled[N];			/* the main module's table: functions, not placeholders */
bit entry;			/* struct coming of the target, which holds a reference on the core */
bit committed;			/* coming.committed */

#ifdef CORE
bit core_memory;		/* the core is in memory */
bit core_lives;			/* its init has returned: a livepatch can be loaded, and holds a reference */
bit core_leaves;		/* nobody had a reference: nobody gets one any more */
byte core_refs;
byte in_core;			/* redirected calls: tasks in the core's code */
bit hook_parse_args, hook_going, hook_coming;
bit target_comes;		/* in state COMING, and without a folder in sysfs */
bit target_goes;		/* in state GOING */
bit early_going;		/* it was GOING when the core had hooked in: modules_note_going() */

/* redirect(): the original is called if the core isn't there, or leaves */
#define HOOKED(hook) (hook && !core_leaves)
#define CORE_CHANGES(what) what
#else
#define HOOKED(hook) true
#define CORE_CHANGES(what) skip
#endif

inline call_begins()
{
#ifdef CORE
	in_core++;
#ifndef BREAK_NO_REFERENCE_OF_CALL
	core_refs++
#else
	skip
#endif
#else
	skip
#endif
}

inline call_ends()
{
#ifdef CORE
#ifndef BREAK_NO_REFERENCE_OF_CALL
	core_refs--;
#endif
	in_core--
#else
	skip
#endif
}

inline coming_begin()
{
	entry = 1;
#if defined(CORE) && !defined(BREAK_NO_REFERENCE_OF_ENTRY)
	core_refs++
#endif
}

inline coming_end()
{
	if
	:: entry ->
		entry = 0;
#if defined(CORE) && !defined(BREAK_NO_REFERENCE_OF_ENTRY)
		core_refs--
#endif
	:: else
	fi
}

/*
 * A task in new code. Livepatch doesn't see it there, as it doesn't see one that a replaced
 * function has sent on by a jump: it may stay when the functions are off all stacks.
 */
byte inside;			/* 0: none; livepatch + 1: its object module, + 1 + N: its main module */

/* Found out by the steps below, claimed never to happen by the monitor. */
bit order_differs;

inline lock(mutex)
{
	atomic { mutex == 0 -> mutex = 1 }
}

inline unlock(mutex)
{
	mutex = 0
}

/* --- stacks of functions ------------------------------------------------------ */

hidden byte from, to, each;

inline push(where, what)
{
	stack[where * N + top[where]] = what;
	top[where] = top[where] + 1
}

inline pull(where, what)
{
	from = 0;
	to = 0;
	do
	:: from == top[where] -> break
	:: from < top[where] && stack[where * N + from] == what -> from++
	:: from < top[where] && stack[where * N + from] != what ->
		stack[where * N + to] = stack[where * N + from];
		from++;
		to++
	od;
	top[where] = to;
	do
	:: to == N -> break
	:: to < N -> stack[where * N + to] = 0; to++
	od
}

inline empty_target()
{
	do
	:: top[OF_TARGET] == 0 -> break
	:: top[OF_TARGET] > 0 ->
		top[OF_TARGET] = top[OF_TARGET] - 1;
		stack[N + top[OF_TARGET]] = 0
	od
}

/* Is what is on the target's stack in the order of vmlinux's? */
inline compare_order()
{
	from = 0;
	to = 0;
	do
	:: to == top[OF_VMLINUX] -> break
	:: to < top[OF_VMLINUX] ->
		if
		:: from < top[OF_TARGET] && stack[N + from] == stack[to] -> from++
		:: else
		fi;
		to++
	od;
	order_differs = (from < top[OF_TARGET])
}

#if N == 1
#define on_target(patch) (top[OF_TARGET] > 0)
#else
#define on_target(patch) ((top[OF_TARGET] > 0 && stack[N] == patch) || \
			  (top[OF_TARGET] > 1 && stack[N + 1] == patch) || \
			  (top[OF_TARGET] > N - 1 && stack[N + N - 1] == patch))
#endif

#if N == 1
#define on_vmlinux(patch) (top[OF_VMLINUX] > 0)
#else
#define on_vmlinux(patch) ((top[OF_VMLINUX] > 0 && stack[0] == patch) || \
			   (top[OF_VMLINUX] > 1 && stack[1] == patch) || \
			   (top[OF_VMLINUX] > N - 1 && stack[N - 1] == patch))
#endif

/* --- livepatch ---------------------------------------------------------------- */

/* klp_module_coming(): in the order of klp_patches, which is vmlinux's. */
inline klp_module_coming(err)
{
	/* The core looks at klp_alive without this lock. */
	atomic {
		lock(klp_mutex);
		target_alive = 1
	}
	atomic {
		d_step {
			each = 0;
			do
			:: each == top[OF_VMLINUX] -> break
			:: each < top[OF_VMLINUX] ->
				/* A placeholder: the target would be refused for no fault of its own. */
				NEVER(!filled[stack[each]]);
				if
				:: !on_target(stack[each]) && filled[stack[each]] -> push(OF_TARGET, stack[each])
				:: else
				fi;
				each++
			od;
			compare_order()
		}
		if
		:: err = 0
		:: /* a pre-patch callback fails */
			d_step {
				target_alive = 0;
				empty_target();
				err = 1
			}
		fi;
		unlock(klp_mutex)
	}
}

inline klp_module_going()
{
	atomic {
		lock(klp_mutex);
		d_step {
			target_alive = 0;
			empty_target()
		}
		unlock(klp_mutex)
	}
}

inline klp_enable_patch(patch, err)
{
	atomic {
		lock(klp_mutex);
		if
		:: err = 1 /* a transition is under way, or a pre-patch callback fails */
		:: transition == 0 ->
			d_step {
				on_list[patch] = 1;
				is_enabled[patch] = 1;
				main_held[patch] = 1;
				transition = patch + 1;
				push(OF_VMLINUX, patch);
				if
				:: target_alive ->
					/* A placeholder: the livepatch would be refused for no fault of its own. */
					NEVER(!filled[patch]);
					push(OF_TARGET, patch)
				:: else
				fi;
				compare_order();
				err = 0
			}
		fi;
		unlock(klp_mutex)
	}
}

/* Off the stacks and the list; then nothing holds its main module any more. */
inline klp_forget(patch)
{
	on_list[patch] = 0;
	is_enabled[patch] = 0;
	main_held[patch] = 0;
	pull(OF_VMLINUX, patch);
	pull(OF_TARGET, patch)
}

/* The worker that sees transitions to their end, sooner or later. */
active proctype Transition()
{
end:	do
	:: atomic { transition != 0 && klp_mutex == 0 ->
		d_step {
			if
			:: !is_enabled[transition - 1] -> klp_forget(transition - 1)
			:: else ->
#ifdef REPLACE
				each = 0;
				do
				:: each == N -> break
				:: each < N ->
					if
					:: on_list[each] && each != transition - 1 ->
						klp_forget(each)
					:: else
					fi;
					each++
				od
#endif
			fi;
			transition = 0
		} }
	od
}

/* --- records.c ---------------------------------------------------------------- */

inline split_changed()
{
	d_step {
		woken[0] = 1;
		woken[1] = 1;
		woken[N - 1] = 1;
		woken[N] = 1
	}
}

inline split_wait_for_change(waiter)
{
	woken[waiter] = 0;
	unlock(split_lock);
	woken[waiter];
	woken[waiter] = 0;
	lock(split_lock)
}

inline split_record_needed(patch, needed)
{
	if
	:: record[patch] == ENABLING -> needed = 1
	:: record[patch] == NONE || record[patch] == REMOVING -> needed = 0
	:: record[patch] == ENABLED ->
		lock(klp_mutex);
#ifdef BREAK_ASK_ENABLED
		needed = is_enabled[patch];
#else
		needed = on_list[patch];
#endif
		unlock(klp_mutex)
	fi
}

/* --- objects.c ---------------------------------------------------------------- */

#ifdef BREAK_EXPECTED_AS_SOON_AS_LOADING
#define ADMITS(patch) (object[patch] == LOADING && !ready[patch])
#else
#define ADMITS(patch) (object[patch] == LOADING && !ready[patch] && expected[patch])
#endif

/* No module of that name is on its way in. */
#define SETTLED(patch) (!object_comes[patch] && !((patch) == 0 && stray_begun))

inline klp_split_register(patch)
{
	atomic {
		lock(split_lock);
		if
		:: ADMITS(patch) ->
			ready[patch] = 1;
#ifdef BREAK_LOADED_AT_REGISTRATION
			filled[patch] = 1;
			object[patch] = LOADED;
			split_changed()
#endif
		:: else
		fi;
		unlock(split_lock)
	}
}

/* modprobe: the object module may be missing, fail, or be there from before. */
inline loader_load(patch)
{
	if
	:: true
	:: d_step { !object_memory[patch] && SETTLED(patch) ->
		/* Its symbols are looked up, its keys linked to the target's. */
		NEVER(!target_memory);
		NEVER(!target_keys);
		object_memory[patch] = 1;
		object_comes[patch] = 1
	   }
		if
		:: true -> klp_split_register(patch)
		:: true /* its init fails before */
		fi;
		d_step {
			object_comes[patch] = 0;
			object_memory[patch] = ready[patch]
		}
	fi
}

#define IS_OWNED(patch) (object[patch] == LOADING || object[patch] == DRAINING || object[patch] == UNLOADING)

/* Begins and ends with split_lock held. */
inline object_load(who, patch, err)
{
	if
	:: atomic { object[patch] == LOADED -> err = 0 }
	:: atomic { IS_OWNED(patch) ->
		split_wait_for_change(who);
		err = 0
	   }
	:: atomic { object[patch] == ZOMBIE -> err = 1 }
	:: atomic { object[patch] == IDLE ->
		object[patch] = LOADING;
		split_changed();
#ifndef BREAK_LOCK_OVER_HELPER
		unlock(split_lock)
#endif
	   }
		/* bring_module(): module_wait_settled() */
		atomic { SETTLED(patch) ->
			expected[patch] = 1
		}
		loader_load(patch);
		atomic {
#ifndef BREAK_LOCK_OVER_HELPER
#ifdef BREAK_NOT_SETTLED_AFTERWARDS
			lock(split_lock);
#else
			split_lock == 0 && SETTLED(patch);
			lock(split_lock);
#endif
#endif
			expected[patch] = 0;
			if
			:: ready[patch] ->
				filled[patch] = 1;
				object[patch] = LOADED;
				err = 0
			:: !ready[patch] ->
				object[patch] = IDLE;
				split_record_needed(patch, err)
			fi;
			split_changed()
		}
	fi
}

inline loader_remove(patch, removed)
{
	/* The module loader refuses to remove what it is still loading. */
	NEVER(object_comes[patch]);
	if
	:: true ->
		/* its exit: klp_split_unregister() */
		atomic {
			lock(split_lock);
			ready[patch] = 0;
			unlock(split_lock);
			removed = 1
		}
		object_memory[patch] = 0
	:: atomic {
		object_pinned[patch] = 1;
		removed = 0
	   }
	fi
}

/* Begins and ends with split_lock held. */
inline object_unload(who, patch, removed)
{
	if
	:: atomic { IS_OWNED(patch) ->
		split_wait_for_change(who)
	   }
	:: atomic { object[patch] == LOADED ->
		object[patch] = DRAINING;
		split_changed();
		unlock(split_lock)
	   }
		/* drain_wait() */
#ifdef BREAK_NO_DRAIN
		atomic {
#else
		atomic { inside != patch + 1 ->
#endif
			filled[patch] = 0;
			object[patch] = UNLOADING
		}
		loader_remove(patch, removed);
		atomic {
			lock(split_lock);
			if
			:: removed -> object[patch] = IDLE
			:: !removed -> object[patch] = ZOMBIE
			fi;
			removed = 0;
			split_changed()
		}
	:: atomic { object[patch] == IDLE || object[patch] == ZOMBIE -> skip }
	fi
}

/* --- a livepatch: the task that loads and removes its main module ---------------- */

inline record_register(patch)
{
	atomic {
		lock(split_lock);
		record[patch] = ENABLING;
		object[patch] = IDLE;
		ready[patch] = 0;
		unlock(split_lock)
	}
}

/* wait_for_half_way() */
#if !defined(CORE) || defined(BREAK_NO_WAIT_FOR_HALF_WAY)
#define HALF_WAY false
#elif defined(BREAK_HALF_LOADED_ONLY_IF_ALIVE)
#define HALF_WAY ((target_comes && !entry && target_alive) || (target_goes && early_going))
#elif defined(BREAK_NO_WAIT_FOR_EARLY_GOING)
#define HALF_WAY (target_comes && !entry)
#else
#define HALF_WAY ((target_comes && !entry) || (target_goes && early_going))
#endif

#ifdef BREAK_NO_WAIT_FOR_COMMITTED
#define MAY_LOOK (true)
#else
#define MAY_LOOK (!committed)
#endif

inline load_live_targets(me, err)
{
	atomic {
		lock(split_lock);
		err = 0
	}
	do
	:: atomic { HALF_WAY ->
		unlock(split_lock);
		!HALF_WAY;
		lock(split_lock)
	   }
	:: atomic { !HALF_WAY && !MAY_LOOK ->
		split_wait_for_change(me)
	   }
	:: atomic { !HALF_WAY && MAY_LOOK && (object[me] == LOADED || !target_alive || err) ->
		unlock(split_lock);
		break
	   }
	:: !HALF_WAY && MAY_LOOK && object[me] != LOADED && target_alive && !err ->
		object_load(me, me, err)
	od
}

inline record_remove(me, removed)
{
	atomic {
		lock(split_lock);
		record[me] = REMOVING
	}
	do
	:: atomic { object[me] == IDLE || object[me] == ZOMBIE ->
		unlock(split_lock);
		break
	   }
	:: object[me] != IDLE && object[me] != ZOMBIE -> object_unload(me, me, removed)
	od;
	/* drain_wait(), then the main module's memory goes */
#ifdef BREAK_NO_DRAIN_OF_MAIN
	record[me] = NONE
#else
	atomic { inside != me + 1 + N ->
		record[me] = NONE
	}
#endif
}

/* An administrator writes to `enabled`: turns it off, or turns a transition round. */
inline write_enabled(patch)
{
	d_step { on_list[patch] && klp_mutex == 0 && (transition == 0 || transition == patch + 1) ->
		is_enabled[patch] = !is_enabled[patch];
		transition = patch + 1
	}
}

#ifdef BREAK_REMOVE_WHEN_DISABLED
#define MAY_REMOVE(patch) !is_enabled[patch]
#else
#define MAY_REMOVE(patch) !main_held[patch]
#endif

proctype Livepatch(byte me)
{
	bit err, removed;

	do
#ifdef CORE
	:: atomic { core_lives -> core_refs++ }
#else
	:: true ->
#endif
		/* insmod: klp_split_enable() */
		record_register(me);
		load_live_targets(me, err);
		if
		:: !err -> klp_enable_patch(me, err)
		:: else
		fi;
		if
		:: !err ->
			atomic {
				lock(split_lock);
				record[me] = ENABLED;
				unlock(split_lock)
			}
			do
			:: write_enabled(me)
			:: MAY_REMOVE(me) -> break
			:: true -> goto stays
			od
		:: else
		fi;
		/* rmmod, or the end of the insmod that failed: klp_split_remove() */
		record_remove(me, removed);
		CORE_CHANGES(core_refs--);
		err = 0
	:: break
	od;
stays:	skip
}

/* --- the target: the tasks that load and unload it -------------------------------- */

/* The first object that has to be there before the target runs; N: none is missing. */
inline missing_object(which, needed)
{
	which = 0;
	do
	:: which == N -> break
	:: which < N ->
		needed = 0;
		if
		:: record[which] != NONE && object[which] != LOADED ->
			split_record_needed(which, needed)
		:: else
		fi;
		if
		:: needed -> break
		:: else -> which++
		fi
	od;
	needed = 0
}

inline target_ready(which, err)
{
	lock(split_lock);
#ifdef BREAK_ALIVE_BEFORE_LOADED
	target_alive = 1;
#endif
	do
	:: atomic {
		missing_object(which, err);
		if
		:: which == N -> break
		:: else
		fi
	   };
		object_load(TARGET, which, err);
		if
		:: err -> break
		:: else
		fi
	od;
	which = 0;
#ifdef BREAK_ALIVE_BEFORE_LOADED
	target_alive = !err;
#endif
	if
	:: atomic { !err ->
		committed = 1;
		unlock(split_lock)
	   };
		klp_module_coming(err);
		atomic {
			lock(split_lock);
			committed = 0;
			split_changed();
			if
			:: !err -> coming_end()
			:: else
			fi;
			unlock(split_lock)
		}
	:: atomic { err -> unlock(split_lock) }
	fi
}

#ifdef BREAK_GOING_IGNORES_LOADING
#define IS_PRESENT(patch) (record[patch] != NONE && object[patch] == LOADED)
#else
#define IS_PRESENT(patch) (record[patch] != NONE && object[patch] != IDLE && object[patch] != ZOMBIE)
#endif

inline unload_objects(which, removed)
{
	lock(split_lock);
	do
	:: atomic { which < N && !IS_PRESENT(which) -> which++ }
	:: which < N && IS_PRESENT(which) ->
		object_unload(TARGET, which, removed);
		which = 0
	:: atomic { which == N ->
		which = 0;
		coming_end();
		unlock(split_lock)
	   }
		break
	od
}

inline target_going(which, removed)
{
#ifdef BREAK_REMOVE_BEFORE_REVERT
	unload_objects(which, removed);
#endif
	if
	:: !entry -> klp_module_going()
	:: else
	fi;
#ifndef BREAK_REMOVE_BEFORE_REVERT
	unload_objects(which, removed)
#endif
}

active proctype Target()
{
	bit err, removed;
	byte which;

	do
	:: true ->
		atomic {
			target_memory = 1;
			CORE_CHANGES(target_comes = 1)
		}
#ifdef BREAK_LOAD_FROM_COMING
		target_ready(which, err);
#else
		if
		/* ftrace: klp_module_coming() → target_coming() */
		:: atomic { HOOKED(hook_coming) ->
			call_begins();
			lock(split_lock);
			coming_begin();
#ifdef BREAK_ALIVE_WHEN_VISIBLE
			target_alive = 1;
#endif
			unlock(split_lock)
		   }
			call_ends()
#ifdef CORE
		:: !HOOKED(hook_coming) ->
			klp_module_coming(err);
			if
			:: err -> goto refused
			:: else
			fi
#endif
		fi;
#endif
		if
		:: atomic { !err ->
			target_keys = 1;
			CORE_CHANGES(target_comes = 0)
		   }
#ifndef BREAK_LOAD_FROM_COMING
			if
			:: atomic { HOOKED(hook_parse_args) -> call_begins() }
				if
				:: entry -> target_ready(which, err)
				:: else
				fi;
				call_ends()
#ifdef CORE
			:: !HOOKED(hook_parse_args) -> skip
#endif
			fi
#endif
		:: !err -> err = 1 /* a COMING notifier fails */
		:: err
		fi;
		if
		:: atomic { !err ->
			/* Put off for ever: livepatch would never look at it. */
			NEVER(entry);
			target_runs = 1
		   }
			if
			:: true /* its init fails, or its exit has run */
			:: break /* it stays */
			fi;
			CORE_CHANGES(target_goes = 1);
			target_runs = 0
		:: err
		fi;
		if
		:: atomic { HOOKED(hook_going) -> call_begins() }
			target_going(which, removed);
			call_ends()
#ifdef CORE
		:: !HOOKED(hook_going) -> klp_module_going()
#endif
		fi;
refused:
		atomic {
			target_keys = 0;
			target_memory = 0;
			CORE_CHANGES(target_comes = 0);
			CORE_CHANGES(target_goes = 0);
			stray_stale = stray_begun;
			err = 0
		}
	:: break
	od
}

#ifdef CORE
/* modprobe and rmmod of the core: hooks.c, main.c */
active proctype Core()
{
	do
	:: true ->
		core_memory = 1;
#ifdef BREAK_COMING_HOOKED_FIRST
		hook_coming = 1;
#endif
		hook_parse_args = 1;
		hook_going = 1;
		hook_coming = 1;
		early_going = target_goes;
		core_lives = 1;
		if
		:: atomic { core_refs == 0 ->
			core_lives = 0;
			core_leaves = 1
		   }
		:: true -> break
		fi;
		hook_coming = 0;
		hook_going = 0;
		hook_parse_args = 0;
#ifndef BREAK_NO_REFERENCE_OF_CALL
		/* synchronize_rcu_tasks(): who has dropped the reference runs, and leaves */
		in_core == 0;
#endif
		atomic {
			core_memory = 0;
			core_leaves = 0
		}
	:: break
	od
}
#endif

/* A task that calls what is redirected, and may sleep there for as long as it likes. */
active proctype Caller()
{
	byte which;

	do
	:: which < N - 1 -> which++
	:: which > 0 -> which--
	:: atomic { target_runs && on_target(which) ->
		inside = which + 1
	   }
		inside = 0
	:: atomic { on_vmlinux(which) ->
		inside = which + 1 + N
	   }
		inside = 0
	:: break
	od
}

#ifdef STRAY
/* The object module of livepatch 0, loaded by somebody else: insmod, step by step. */
active proctype Stray()
{
	do
	:: d_step { target_memory && !object_memory[0] && SETTLED(0) ->
		stray_begun = 1;
		stray_stale = 0
	   }
		/* ftrace: klp_module_coming() → object_module_coming() */
		atomic {
			lock(split_lock);
#ifdef BREAK_REFUSED_AT_REGISTRATION
			if
			:: true ->
#else
			if
			:: ADMITS(0) ->
#endif
				/* Its keys are linked to the target's next. */
				NEVER(stray_stale);
				NEVER(!target_keys);
				object_memory[0] = 1;
				object_comes[0] = 1;
				stray_begun = 0;
				unlock(split_lock)
			:: else ->
				stray_begun = 0;
				unlock(split_lock);
				goto refused
			fi
		}
		klp_split_register(0);
		d_step {
			object_comes[0] = 0;
			object_memory[0] = ready[0]
		}
refused:	skip
	:: break
	od
}
#endif

/* --- what must hold at every moment ----------------------------------------------- */

#define runs_freed(patch) (on_target(patch) && (!object_memory[patch] || object_pinned[patch]))
#define is_inside_freed(patch) ((inside == patch + 1 && !object_memory[patch]) || \
				(inside == patch + 1 + N && record[patch] == NONE))
#define outlives_target(patch) (object_memory[patch] && !object_pinned[patch] && !target_memory)
#define lacks(patch) (target_runs && on_list[patch] && !on_target(patch))
#ifdef CORE
#define core_is_freed (in_core && !core_memory)
#else
#define core_is_freed false
#endif
#if N == 1
#define ANY(what) what(0)
#else
#define ANY(what) (what(0) || what(1) || what(N - 1))
#endif

#ifdef ONLY_ORDER
#define SOMETHING_BROKEN order_differs
#else
#define SOMETHING_BROKEN (core_is_freed || ANY(runs_freed) || ANY(is_inside_freed) || ANY(outlives_target) || ANY(lacks) || order_differs)
#endif

bit patched_code_runs_from_freed_memory, task_is_inside_freed_memory, object_module_outlives_target;
bit target_runs_without_livepatch, order_of_livepatches_differs, task_is_inside_freed_core;

active proctype Monitor()
{
end:	atomic {
		SOMETHING_BROKEN ->
		patched_code_runs_from_freed_memory = ANY(runs_freed);
		task_is_inside_freed_memory = ANY(is_inside_freed);
		object_module_outlives_target = ANY(outlives_target);
		target_runs_without_livepatch = ANY(lacks);
		order_of_livepatches_differs = order_differs;
		task_is_inside_freed_core = core_is_freed;
		NEVER(task_is_inside_freed_core);
		NEVER(patched_code_runs_from_freed_memory);
		NEVER(task_is_inside_freed_memory);
		NEVER(object_module_outlives_target);
		NEVER(target_runs_without_livepatch);
		assert(!order_of_livepatches_differs)
	}
}

init
{
	byte i;

	atomic {
		do
		:: i == N -> break
		:: i < N -> run Livepatch(i); i++
		od
	}
}
