#!/usr/bin/env expect
# The history: recalled, searched, kept in a file of one's own.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

set up "\x1b\[A"
set down "\x1b\[B"

proc history {} {
	set file [open $::env(MCSH_HISTFILE) rb]
	set text [read $file]
	close $file
	return $text
}

session {up and down} {
	start
	answer "set one 1"
	answer "set two 2"
	keys "get th"
	line_is {a line under way} "get th|"
	keys $up
	line_is {Up} "set two 2|"
	keys $up
	line_is {Up again} "set one 1|"
	keys $up
	line_is {there is nothing older} "set one 1|"
	keys "\x1bOB"
	line_is {Down} "set two 2|"
	keys $down
	line_is {back to the line under way} "get th|"
	keys "$down\x15"
	line_is {and no further} "|"
	keys "$up$up\x7f" 
	line_is {an old line is edited} "set one |"
	keys "11"
	answers {and run} "" {STORED}
	is {as it is now} 11 [stored one]
	keys "$up$up$up"
	line_is {the old one is as it was} "set one 1|"
}

session {the file} {
	is {is for its owner alone} 600 [exec stat -c %a $env(MCSH_HISTFILE)]
	is {and holds the lines in their order} "set one 1\nset two 2\nset one 11\n" [history]
	start
	keys $up
	line_is {the next session finds them} "set one 11|"
	keys $up$up
	line_is {all} "set one 1|"
	answers {a line that is repeated} "" {STORED}
	ok {is moved, not doubled} [string match "*set one 11\nset one 1\n" [history]]
	leave
	start
	keys $up$up$up$up
	line_is {nor is it doubled for the next session} "set two 2|"
	keys "\x15"
	answer " set secret x"
	answer "get two"
	keys $up$up
	line_is {a line that begins with a blank is not kept} "set one 1|"
	is {nor written} -1 [string first secret [history]]
}

session {search} {
	start
	keys "\x12"
	screen_has {Ctrl-R asks} "(search: '')"
	keys "two"
	screen_has {the newest that fits} "(search: 'two') get two"
	keys "\x12"
	screen_has {Ctrl-R again goes on to older ones} "(search: 'two') set two 2"
	keys "\x07"
	line_is {Ctrl-G gives up} "|"
	keys "\x12one 11\x05"
	line_is {another key edits what was found} "set one 11|"
	keys "\x15\x12zzz"
	screen_has {what is not there} "(not found: 'zzz')"
	keys "\x03"
	prompt_comes
	answer "set two other"
	answers {Enter runs what was found} "\x12two 2" {STORED}
	is {as it stands there} 2 [stored two]
}

session {a command of several lines} {
	start
	keys "set poem 'a\r"
	prompt_comes "'...> "
	keys "b'\r"
	prompt_comes
	ok {is one entry} [string match "*set poem 'a\\\\nb'\n" [history]]
	answer "set poem gone"
	keys $up$up
	must {the entry} {[string match "*b'" [screen::row $screen::y]]}
	keys "\r"
	prompt_comes
	is {that can be recalled and run} "a\nb" [stored poem]
}

session {a session that nobody types} {
	start
	answer "get first"
	plain -c "get quiet"
	is {-c leaves no trace} -1 [string first quiet [history]]
}

session {a history that cannot be written} {
	start -env {MCSH_HISTFILE /dev/full/x}
	ok {is told of} [expr {[string first "cannot use the history" [join [rows_from 0] ""]] >= 0}]
	answers {and the session goes on} "set q 1" {STORED}
	keys $up
	line_is {with the lines in memory} "set q 1|"
}

done_testing
