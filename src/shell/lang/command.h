/*
 * The row of a command, and what the shell makes of a line that names it. A row is everything the
 * program knows of a command: help, usage errors, completion, hints and the checks of the manual
 * are all made from it.
 *
 * To add a command:
 *   1. write its row and its function in a file of command/, with its kin or in one of its own;
 *      one with run says in `effect` whether it changes anything on a server;
 *   2. add its line to command/list.h;
 *   3. write its entry in doc/mcsh.1 (tests/drift compares the two);
 *   4. write its test in tests/script.
 */
#ifndef SHELL_LANG_COMMAND_H
#define SHELL_LANG_COMMAND_H

#include "base/buf.h"
#include "base/status.h"
#include "proto/effect.h"
#include "proto/request.h"
#include "shell/lang/tokenize.h"

struct session;
struct args;

enum command_group {
	GROUP_STORE,
	GROUP_READ,
	GROUP_CHANGE,
	GROUP_META,
	GROUP_SERVER,
	GROUP_LOOK,
	GROUP_CONNECT,
	GROUP_EXPLORE,
	GROUP_SCRIPT,
	GROUP_SHELL,
	GROUP_COUNT,
};

/* The heading of a group in .help. */
const char *command_group_title(enum command_group group);

struct command_option {
	const char *name;     /* "--time" */
	const char *value;    /* the name of its value, "T"; NULL when it takes none */
	const char *summary;  /* a phrase for .help */
	const char *replaces; /* the operand that is not given when this option is, or NULL */
};

/* One way to write what follows a command's name (shell/lang/forms.h). */
struct command_form {
	/* As a person reads it: words in lower case and numbers stand as they are, a|b is one of
	 * them, a word in capitals is a value of that name (those that forms.c knows). */
	const char *words;
	const char *summary; /* a phrase for .help */
};

struct command_hint {
	const char *words; /* separated by blanks; none of them is a command */
	const char *hint;  /* what to type for them */
};

/* The I-th option of COMMAND, NULL after the last: those of its row, then those that every command
 * of the protocol has. */
struct command;
const struct command_option *command_option_at(const struct command *command, size_t i);
/* The one of NAME, with *I; NULL: it has none. */
const struct command_option *command_option_named(const struct command *command, struct slice name,
                                                  size_t *i);

enum {
	COMMAND_CONFIRM = 1,     /* ask first, at a prompt */
	COMMAND_FAN_OUT = 2,     /* goes to every server, each answer labelled */
	COMMAND_KEYED = 16,      /* values are shown with their keys, one alone too */
	COMMAND_SECRET = 4,      /* its line is never written to the history file */
	COMMAND_ROUTED = 32,     /* not built, but takes --server and --hash all the same */
	COMMAND_LEAVES = 8,      /* the shell ends after it */
	COMMAND_EXACT = 512,     /* it is never meant by the beginning of its name */
	COMMAND_VERBATIM = 1024, /* what another shell's hands type is data to it */
	COMMAND_ASSERTS = 64,    /* it is about the command before it, and no such itself */
	COMMAND_YIELDS = 256,    /* what is short for it and for another one is short for that */
	COMMAND_MIXED = 128,     /* no operand is data: options may stand after operands, too; so
	                        they may where COMMAND_FAN_OUT is set */
};

struct command {
	const char *name;
	const char *aliases; /* further names, separated by blanks; NULL: none */
	enum command_group group;
	unsigned flags;
	/*
	 * The operands as a person reads them, and the one truth of their number and kind:
	 * KEY required, [TIME] optional, KEY... one or more, [WORD...] none or more,
	 * on|hex|off one of these words. Names that completion knows: KEY SERVER FILE COMMAND
	 * SETTING PROFILE, VALUE after a SETTING, and WORD; for this, FILE and COMMAND `suggest`
	 * has words.
	 */
	const char *operands;
	/* Where words decide what follows them: all that may follow the name, ended by {0}; the
	 * operands are then only for reading. NULL: the operands are all there is. */
	const struct command_form *forms;
	const char *suggest; /* words for completion, separated by blanks; NULL: none */
	const struct command_option *options; /* ended by a row without a name; NULL: none */
	const char *habits; /* what users of other programs type for it, separated by blanks */
	const struct command_hint *hints; /* what they type that no command does; ended by {0} */
	const char *summary;              /* one line for the list */
	const char *about;                /* what it does, a paragraph or two */
	const char *sends;                /* what goes over the wire; NULL: nothing */
	const char *replies;              /* what can come back; NULL with sends NULL */
	const char *example; /* lines typed, after "> ", and what they print in plain format */
	/* COMMAND_CONFIRM: adds what is asked. False: ERROR says what is wrong with ARGS, and
	 * nothing is asked or sent. */
	bool (*question)(struct session *session, struct args *args, struct buf *out,
	                 struct error *error);
	enum verb verb; /* with build: what it sends */
	/* Protocol commands: fills REQUEST (zeroed but for its verb) from ARGS. False: ERROR says
	 * what is wrong, and nothing is sent. What REQUEST points to must live as long as ARGS. */
	bool (*build)(struct session *session, struct args *args, struct request *request,
	              struct error *error);
	/* Of run: whether it changes anything on a server, or leaves that to commands that it runs
	 * (EFFECT_READS, then). Of build the verb and the request say it (proto/effect.h). */
	enum effect effect;
	/* The shell's own commands, instead of build. Errors are reported by report.h. */
	enum status (*run)(struct session *session, struct args *args);
	/* With build and run: whether ARGS are for run. */
	bool (*runs)(const struct args *args);
};

/* One operand of a row, as its operands string has it. */
struct operand {
	struct slice name; /* "KEY", or "on|hex|off" */
	bool optional;
	bool repeated;
};

/* Takes the next operand off *REST (the row's operands, as a slice). False at the end. */
bool operand_next(struct slice *rest, struct operand *out);

/* True when NAME is a list of fixed words (it begins with a lower-case letter or a digit), and
 * whether WORD is one of them. */
bool operand_is_choice(struct slice name);
bool operand_has_choice(struct slice name, struct slice word);

/* "set [--time T] [--flags F] KEY VALUE [TIME]" */
void command_usage(const struct command *command, struct buf *out);

/*
 * Finds a command among COMMANDS (ended by NULL) by its name, an alias, or, for dot words, a prefix
 * that fits one only. NULL: ERROR, unless it is NULL, says so and offers the nearest name (which
 * takes a hundred times as long).
 */
const struct command *command_find(const struct command *const *commands, struct slice word,
                                   struct error *error);

/* True when a word of LINE names a command of COMMANDS whose words are secret (`.repeat 2 .auth
 * ...`), whether the line is well formed or not: it is not for the history file, nor for a
 * transcript. */
bool command_is_secret(const struct command *const *commands, struct slice line);

#endif
