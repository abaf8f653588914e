#!/usr/bin/env expect
# Pipes, files and mistakes, at the prompt.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {pipes and files} {
	start
	answer "set foo \"one\\ntwo\""
	answers {a pipe} "get foo | tr a-z A-Z; echo" {ONE TWO}
	answers {a file} "get foo > $work/value" {}
	is {has the value's bytes} "one\ntwo" [exec cat $work/value]
	answers {more of it} "get foo >> $work/value" {}
	is {is appended} "one\ntwoone\ntwo" [exec cat $work/value]
	answers {quoted they are data} "set bar '|'" {STORED}
	is {and stored} "|" [stored bar]
	answers {a program that does not read} "stats | true" {}
	answers {and the next command} "get bar" {{"|"  (1 byte)}}
	set got [join [answer "get foo > /nowhere/x"] ""]
	ok {a file that cannot be written} [expr {[string first "mcsh: cannot write" $got] == 0}]
}

session {output that does not end its last line} {
	start
	answer "set bar x"
	answers {the prompt begins a row all the same} "get bar | printf some" {some}
	keys "get bar\x01"
	line_is {and the line is edited where it stands} "|get bar"
	keys "\x15"
	answers {a raw value too} ".format raw" {{format is raw}}
	answers {is followed by a prompt of its own row} "get bar" {x}
}

session {mistakes} {
	start
	set got [join [answer "gett foo"] ""]
	ok {a near miss is named} [string match "mcsh: unknown command \"gett\": did you mean get?*" $got]
	set got [join [answer "set foo 0 0 3"] ""]
	ok {the telnet form is recognised} [string match "mcsh: *.raw*" $got]
	set got [join [answer "get"] ""]
	ok {too few words} [string match "mcsh: *" $got]
	set got [join [answer "set [string repeat k 251] v"] ""]
	ok {a key that is too long} [string match "*mcsh: *250*" $got]
	keys "set foo 'unclosed\r"
	prompt_comes "'...> "
	keys "\x03"
	prompt_comes
	answers {an unclosed quote is left by Ctrl-C} "set foo bar" {STORED}
	keys "# a comment\r"
	prompt_comes
	keys "   \r"
	prompt_comes
	reached {a comment and an empty line do nothing}
}

done_testing
