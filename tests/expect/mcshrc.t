#!/usr/bin/env expect
# ~/.config/mcsh/mcshrc is run before the first prompt, and only there.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

file mkdir $env(XDG_CONFIG_HOME)/mcsh
set rc $env(XDG_CONFIG_HOME)/mcsh/mcshrc

proc write_rc {text} {
	set file [open $::rc w]
	puts $file $text
	close $file
}

session {at a prompt} {
	write_rc "# mine\n.echo greetings\n.trace on"
	start
	ok {it is run} [expr {"greetings" in [rows_from 0]}]
	answers {and what it sets stays} ".trace" {on}
	keys "\x1b\[A"
	line_is {its lines are not in the history} ".trace|"
}

session {elsewhere} {
	is {-c does not run it} STORED [plain -c "set a b"]
	start --no-rc
	ok {nor --no-rc} [expr {"greetings" ni [rows_from 0]}]
	answers {which leaves all as it is} ".trace" {off}
}

session {an error in it} {
	write_rc ".echo before\n\n.sett timing off\n.echo after"
	start
	set text [join [rows_from 0] ""]
	ok {names its line} [expr {[string first "mcsh: $rc:3: " $text] >= 0}]
	ok {and the rest is run} [expr {"after" in [rows_from 0]}]
}

session {a fifo in its place} {
	file delete $rc
	exec mkfifo $rc
	start
	set text [join [rows_from 0] ""]
	ok {is named, and not waited for} [expr {[string first "\"$rc\" is not a file" $text] >= 0}]
	file delete $rc
}

session {leaving from it} {
	write_rc ".quit"
	start_program -- $env(MCSH) $socket
	ends_with {shows no prompt} 0
	ok {none} [expr {[string first "$socket>" $raw] < 0}]
}

session {in the home directory} {
	file delete -force $env(XDG_CONFIG_HOME)
	file mkdir $work/.config/mcsh
	set rc $work/.config/mcsh/mcshrc
	write_rc ".echo at home"
	start -env {XDG_CONFIG_HOME {}}
	ok {it is found too} [expr {"at home" in [rows_from 0]}]
}

done_testing
