#!/usr/bin/env expect
# While a command is typed its operands stand at the right, and what scrolls up holds none of it.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {a hint comes and goes} {
	start
	keys "set "
	screen_has {the operands of the command} "KEY VALUE \[TIME\]"
	keys "foo "
	must {fewer of them} {[string first "KEY VALUE" [screen::row $screen::y]] < 0}
	screen_has {those that are left} "VALUE \[TIME\]"
	set row $screen::y
	keys "bar\r"
	prompt_comes
	is {after Enter the line holds what was typed} "${prompt}set foo bar" [screen::row $row]
	keys "\x15xyzzy "
	line_is {an unknown word} "xyzzy |"
	is {has none} "${prompt}xyzzy" [screen::row $screen::y]
	keys "\x15get "
	screen_has {optional and repeated operands} "KEY..."
	set row $screen::y
	keys "\x03"
	prompt_comes
	is {after Ctrl-C it is gone} "${prompt}get ^C" [screen::row $row]
	keys "set --time "
	screen_has {the value of an option} "T KEY VALUE \[TIME\]"
	set row $screen::y
	keys "\x15\x04"
	must {the end} {![info exists spawn_id]}
	is {after Ctrl-D too} [string trimright $prompt] [screen::row $row]
	ends_with {and mcsh leaves} 0
}

session {the hint is dim, and not part of the prompt's colour} {
	start
	keys "touch "
	screen_has {it is shown} "KEY TIME"
	ok {dim} [expr {[string first "\x1b\[0;2mKEY" $raw] >= 0}]
}

session {a line that leaves no room} {
	start -columns 50
	keys "set abcdefgh "
	line_is {the line} "set abcdefgh |"
	keys "0123456789"
	must {the line} {[string match "*789" [screen::row $screen::y]]}
	ok {shows none} [expr {[string first "TIME" [screen::row $screen::y]] < 0}]
	keys "\r"
	prompt_comes
	is {and is run} 0123456789 [stored abcdefgh]
}

done_testing
