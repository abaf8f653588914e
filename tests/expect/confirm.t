#!/usr/bin/env expect
# A command that destroys asks first, at a prompt.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

set question "Type yes to go on: "

proc refused {name typed} {
	global question prompt
	keys "flush_all\r"
	prompt_comes $question
	keys $typed
	prompt_comes
	is $name bar [stored foo]
}

session {flush_all} {
	start
	answer "set foo bar"
	refused {no} "no\r"
	refused {Enter alone} "\r"
	refused {y is not yes} "y\r"
	refused {Ctrl-C} "\x03"
	refused {a yes that is given up} "yes\x03"
	refused {Ctrl-D} "\x04"
	screen_has {it says so} ">"
	answers {and the session goes on} "get foo" {{"bar"  (3 bytes)}}
	keys "flush_all\r"
	prompt_comes $question
	keys "\t"
	keys "yes\r"
	prompt_comes
	is {yes} "(none)" [stored foo]
	answer "set foo bar"
	answers {.set confirm off} ".set confirm off" {{confirm is off}}
	answers {never asks} "flush_all" {OK}
	is {and does it} "(none)" [stored foo]
	leave
	ok {the answers are not in the history} \
		[expr {[string first yes [exec cat $env(MCSH_HISTFILE)]] < 0}]
}

session {not at a prompt} {
	plain -c "set foo bar"
	is {flush_all does not ask} OK [plain -c flush_all]
}

done_testing
