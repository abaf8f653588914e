#!/usr/bin/env expect
# A line with a password can be recalled, and is not written to the history file.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {a password} {
	start
	answer "set foo bar"
	answers {.auth} ".auth bob hunter2" {{logged in}}
	answer "get foo"
	keys "\x1b\[A\x1b\[A"
	line_is {can be recalled} ".auth bob hunter2|"
	keys "\x15"
	answer ".on 1 .auth bob hunter2"
	answer ".auth eve \"hunter2\\q\""
	leave
	set file [open $env(MCSH_HISTFILE) rb]
	set text [read $file]
	close $file
	is {is not in the file} -1 [string first hunter2 $text]
	is {while the lines around it are} "set foo bar\nget foo\n" $text
}

done_testing
