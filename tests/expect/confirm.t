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

session {what it asks} {
	start -columns 160
	answer "set foo bar"
	keys "flush_all 90\r"
	screen_has {the server and its items} "flush_all makes every item of $socket (1 item)"
	screen_has {and the delay} "expire in 1 min 30 s,"
	prompt_comes $question
	keys "no\r"
	prompt_comes
	answers {a delay that cannot be is refused before} "flush_all soon" {
		{mcsh: the time "soon" is not a time: write seconds, 90s 15m 12h 45d 2w, or @UNIXTIME}
	}
	leave
}

session {several servers} {
	start -expect "2 servers (1 not connected)> " -- $socket $work/nobody
	set prompt "2 servers (1 not connected)> "
	keys "flush_all\r"
	screen_has {each is named} "$work/nobody (which does not say how many)"
	prompt_comes $question
	keys "no\r"
	prompt_comes
	keys "flush_all --server 1\r"
	screen_has {or the one that is meant} "flush_all makes every item of $socket (1 item)"
	prompt_comes $question
	keys "no\r"
	prompt_comes
	is {and nothing was done} "bar" [stored foo]
	leave
}

session {not at a prompt} {
	plain -c "set foo bar"
	is {flush_all does not ask} OK [plain -c flush_all]
}

done_testing
