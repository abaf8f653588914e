#!/usr/bin/env expect
# Without the editor, on a terminal that can do little, and without colours.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {--no-edit} {
	start --no-edit --no-color
	keys "set foo bar\x7fz\r"
	prompt_comes
	is {the terminal edits the line} baz [stored foo]
	keys "get '\r"
	prompt_comes "'...> "
	keys "\x03"
	prompt_comes
	answers {Ctrl-C gives a command up} "get foo" {{"baz"  (3 bytes)}}
	ok {no escape sequence is written} [expr {[string first "\x1b" $raw] < 0}]
	keys "\x04"
	ends_with {Ctrl-D} 0
}

session {a line that the terminal cuts} {
	start --no-edit
	keys "set cut [string repeat x 4086]\r"
	prompt_comes
	is {one of 4,094 bytes is whole} 4086 [string length [stored cut]]
	keys "set cut [string repeat y 5000]\r"
	screen_has {a longer one is refused} {the terminal cuts a line at 4095 bytes}
	prompt_comes
	is {and not stored} 4086 [string length [stored cut]]
	keys "set cut \"[string repeat y 5000]\rflush_all\"\r"
	screen_has {one with an open quote too} {the terminal cuts a line at 4095 bytes}
	prompt_comes
	is {and what was to be its data is not run} 4086 [string length [stored cut]]
	keys "\x04"
	ends_with {with a status} 2
}

session {a cut line elsewhere} {
	start_program -- $env(MCSH) $socket -f -
	keys "set cut [string repeat y 5000]\r"
	screen_has {of a script on a terminal} {stdin:1: the terminal cuts a line at 4095 bytes}
	keys "\x04"
	ends_with {is refused} 2
	start_program -- $env(MCSH) $socket -c {set --file - cut}
	keys "[string repeat y 5000]\r"
	screen_has {of a value that is read from a terminal} {the terminal cuts a line at 4095 bytes}
	ends_with {is refused too} 2
	start_program -- $env(MCSH) $socket -c {.load --as tsv -}
	keys "cut\t[string repeat y 5000]\r"
	screen_has {and of items} {the terminal cuts a line at 4095 bytes}
	ends_with {is refused as well} 2
	is {nothing was stored} 4086 [string length [stored cut]]
}

session {a dumb terminal} {
	start -env {TERM dumb}
	answers {answers} "set foo bar" {STORED}
	keys "get fox\x7fo\r"
	screen_has {the terminal edits the line} {"bar"  (3 bytes)}
	prompt_comes
	set before [string length $raw]
	keys "set foo \"x\r"
	prompt_comes "\"...> "
	keys "y\"\r"
	prompt_comes
	is {nothing is redrawn} "set foo \"x\r\n\"...> y\"\r\nSTORED\r\n$socket> " \
		[string range $raw $before end]
	keys "get nothing\x03"
	prompt_comes
	keys "\x04"
	ends_with {and is left} 0
	ok {without an escape sequence} [expr {[string first "\x1b" $raw] < 0}]
}

session {the prompt, for programs that wait for its text} {
	start -env {TERM xterm}
	answer "set foo bar"
	ok {is one run of bytes up to its blank} [string match "*$socket> \x1b\\\[0m" $raw]
	keys "set foo \"x\r"
	prompt_comes "\"...> "
	ok {that of an open quote too} [string match "*\"...> \x1b\\\[0m" $raw]
}

session {a terminal nobody knows} {
	start -env {TERM no-such-terminal}
	answers {works like it} "get foo" {{"bar"  (3 bytes)}}
	ok {with a prompt at the row's beginning} [expr {[string first "no-such-terminal" $raw] < 0}]
}

session {NO_COLOR} {
	start -env {NO_COLOR 1}
	keys "get "
	screen_has {leaves the hint} "KEY"
	keys "foo\r"
	prompt_comes
	ok {and no colour or attribute} [expr {[regexp {\x1b\[[0-9;]*m} $raw] == 0}]
}

session {colours, where nobody minds} {
	start
	answer "get foo"
	ok {are there} [regexp {\x1b\[[0-9;]+m"bar"} $raw]
}

session {an editrc that turns editing off} {
	set file [open $work/editrc w]
	puts $file "edit off"
	close $file
	start -env [list EDITRC $work/editrc]
	answers {leaves a plain prompt} "get foo" {{"bar"  (3 bytes)}}
}

done_testing
