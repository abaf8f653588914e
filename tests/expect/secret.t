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
	foreach line {
		"auth bob hunter2" "AUTH bob hunter2" ".AUTH bob hunter2" ".aut bob hunter2"
		".atuh bob hunter2" "login bob hunter2" "> .auth bob hunter2"
		"sandbox> auth bob hunter2" ".repeat 2 auth bob hunter2" ".on 1 .AUTH bob hunter2"
	} {
		answer $line
	}
	leave
	set file [open $env(MCSH_HISTFILE) rb]
	set text [read $file]
	close $file
	is {is not in the file} -1 [string first hunter2 $text]
	is {while the lines around it are} "set foo bar\nget foo\n" $text
}

session {a misspelt .auth in a transcript} {
	start
	answer ".record $work/transcript"
	answer "auth bob hunter2"
	answer ".AUTH bob hunter2"
	answer ".record off"
	set file [open $work/transcript rb]
	set text [read $file]
	close $file
	is {is not in it} -1 [string first hunter2 $text]
}

session {a password that is asked for} {
	start
	keys ".auth bob\r"
	screen_has {at the prompt} "Password of bob:"
	keys "hunter3\r"
	row_is {logs in} {logged in}
	prompt_comes
	is {and is not shown} -1 [string first hunter3 $raw]
	keys "get x"
	line_is {what is typed then is} "get x|"
	keys "\x15.auth bob\r"
	screen_has {again} "Password of bob:"
	mark
	keys "hunt\x03"
	screen_has {Ctrl-C gives it up} "no password was typed"
	prompt_comes
	keys "\x1b\[200~.auth bob\rhunter3\rset pasted 1\r\x1b\[201~"
	screen_has {what is pasted with it} "Password of bob:"
	keys "hunter4\r"
	prompt_comes
	is {is no command} "(none)" [stored pasted]
	keys "\x04"
	ends_with {and the status is} 2
	set file [open $env(MCSH_HISTFILE) rb]
	set text [read $file]
	close $file
	is {none of it is in the history} -1 [string first hunter $text]
	start_program -- $env(MCSH) $socket --trace -c {.auth bob} -c {set a b}
	screen_has {in -c} "Password of bob:"
	keys "hunter3\r"
	screen_has {logs in and goes on} STORED
	ends_with {well} 0
	is {not shown there either} -1 [string first hunter3 $raw]
}

done_testing
