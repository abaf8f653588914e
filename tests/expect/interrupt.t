#!/usr/bin/env expect
# Ctrl-C gives up the line or the command, never the shell; Ctrl-D leaves.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

# How many gets the server has seen.
proc gets {} {
	regexp {cmd_get\s+(\d+)} [plain -c stats] all n
	return $n
}

session {Ctrl-C while a line is typed} {
	start
	set row $screen::y
	keys "\x03"
	prompt_comes
	is {on an empty line} "${prompt}^C" [screen::row $row]
	keys "delete half"
	line_is {in a line} "delete half|"
	set row $screen::y
	keys "\x03"
	prompt_comes
	is {the line is shown as it was given up} "${prompt}delete half^C" [screen::row $row]
	keys "set open 'one\r"
	prompt_comes "'...> "
	keys "two\x03"
	prompt_comes
	is {in a continuation the whole command is given up} "(none)" [stored open]
	answers {and the next line begins anew} "set a 'b'" {STORED}
	keys "set open \"x\r"
	prompt_comes "\"...> "
	keys "\x03"
	prompt_comes
	leave
	ok {none of it is in the history} \
		[expr {[string first open [exec cat $env(MCSH_HISTFILE)]] < 0}]
}

session {Ctrl-C while a server does not answer} {
	start
	answer "set foo first"
	answer "set bar second"
	freeze $server
	keys "get foo\r"
	must_wait_for_server
	keys "\x03"
	prompt_comes "$socket (not connected)> "
	reached {the command is given up at once}
	set text [join [rows_from 0] " "]
	ok {and mcsh says so} [expr {[string first "mcsh: interrupted" $text] >= 0}]
	keys "get foo\r"
	must_wait_for_server
	keys "\x03"
	prompt_comes "$socket (not connected)> "
	reached {once more, with a new connection}
	thaw $server
	answers {a later command gets its own answer} "get bar" {{"second"  (6 bytes)}}
	answers {and the next} "get foo" {{"first"  (5 bytes)}}
}

session {Ctrl-C while many commands run} {
	start
	answer "set foo bar"
	set before [gets]
	keys ".repeat 10000000 get foo\r"
	must {the server to be busy} {[eventually {[gets] > $before + 100}]}
	keys "\x03"
	prompt_comes_after_interrupt
	ok {.repeat ends} [expr {[gets] < $before + 10000000}]
	answers {and the next command runs} "get foo" {{"bar"  (3 bytes)}}

	set file [open $work/script w]
	puts $file ".echo begun\n.repeat 10000000 get foo\nset foo changed\n.echo ended"
	close $file
	set before [gets]
	keys ".source $work/script\r"
	must {the server to be busy} {[eventually {[gets] > $before + 100}]}
	keys "\x03"
	prompt_comes_after_interrupt
	ok {a script ends} [expr {"begun" in [rows_from 0] && "ended" ni [rows_from 0]}]
	is {with the command that ran} bar [stored foo]
}

# A script that is read ahead waits before a command that does not go with the others, before the
# question whether the server speaks meta, and at its end. What is behind that is not sent.
session {Ctrl-C while the answers to a script are awaited} {
	foreach {what last} {
		{a command whose output goes elsewhere} {set foo changed > /dev/null}
		{one of several keys} {set_multi foo changed}
		{the question for the server's language} {set foo changed}
	} {
		start
		answer "set foo bar"
		set file [open $work/script w]
		puts $file "[string repeat "get foo\n" 256]$last\n.echo ended"
		close $file
		freeze $server
		keys ".source $work/script\r"
		must_wait_for_server
		keys "\x03"
		prompt_comes "$socket (not connected)> "
		thaw $server
		answers "$what waits, and is not carried out" "get foo" {{"bar"  (3 bytes)}}
	}
	set file [open $work/script w]
	puts $file "get foo\nget foo\n"
	close $file
	set file [open $work/outer w]
	puts $file ".echo begun\n.source $work/script\nset foo changed"
	close $file
	freeze $server
	keys ".source $work/outer\r"
	must_wait_for_server
	must {what there is to be shown} {"begun" in [rows_from 0]}
	must_wait_for_server
	keys "\x03"
	prompt_comes "$socket (not connected)> "
	thaw $server
	answers {nor is what follows a script within a script} "get foo" {{"bar"  (3 bytes)}}
}

session {Ctrl-C while a program reads} {
	start
	set before $screen::y
	keys "get foo | { echo started; exec sleep 1000; }\r"
	must {the program} {"started" in [rows_from $before]}
	keys "\x03"
	prompt_comes_after_interrupt
	reached {the program ends, not the shell}
	answers {which goes on} "get foo" {{"bar"  (3 bytes)}}
}

session {Ctrl-C while what comes is read by a program} {
	start
	set before $screen::y
	keys ".raw --for 100s watch fetchers | { echo started; sed s/^/read:/; exec sort /dev/null; }\r"
	must {the program} {"started" in [rows_from $before]}
	must {what came} {[lsearch [rows_from $before] "read:OK"] >= 0}
	keys "\x03"
	prompt_comes_after_interrupt
	answers {the shell goes on} "get foo" {{"bar"  (3 bytes)}}
	set before $screen::y
	keys ".raw --for 100s watch fetchers | { echo begun; wc -l; echo counted; }\r"
	must {the program} {"begun" in [rows_from $before]}
	after 300
	keys "\x03"
	prompt_comes_after_interrupt
	ok {what came is kept} [expr {"1" in [rows_from $before] && "counted" in [rows_from $before]}]
}

session {leaving} {
	start
	keys "\x04"
	ends_with {Ctrl-D} 0
	start
	answer "get missing"
	keys "\x04"
	ends_with {with the highest status there was} 1
	start
	keys "get\x01\x04\x04\x04"
	line_is {Ctrl-D in a line deletes} "|"
	keys "\x04"
	ends_with {and on the line that it emptied leaves} 0
	foreach command {.quit quit exit .q} {
		start
		keys "$command\r"
		ends_with $command 0
	}
	start
	keys "gett x\r"
	prompt_comes
	keys ".quit\r"
	ends_with {after a line that was no command} 2
}

done_testing
