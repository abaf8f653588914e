#!/usr/bin/env expect
# Ctrl-Z gives the terminal back to the shell, fg takes it again.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {Ctrl-Z and fg} {
	start_program -- bash --norc --noprofile -i
	set prompt {shell$ }
	keys "PS1='shell\$ '\r"
	must {the shell's prompt} {[screen::row $screen::y] eq {shell$}}
	keys "stty -a | grep -o -e '-\\?icanon' -e '-\\?isig'; '$env(MCSH)' --timing=off $socket\r"
	set prompt "$socket> "
	prompt_comes
	keys "set foo ba"
	line_is {a line is typed} "set foo ba|"
	keys "\x1a"
	must {the shell} {[screen::row $screen::y] eq {shell$}}
	ok {Ctrl-Z stops mcsh} [expr {[lsearch [rows_from 0] *Stopped*] >= 0}]
	set from $screen::y
	keys "stty -a | grep -o -e '-\\?icanon' -e '-\\?isig'\r"
	must {the answer} {[screen::row $screen::y] eq {shell$} && $screen::y > $from}
	is {the terminal is as the shell had it} {isig icanon} [lrange [rows_from $from] 1 2]
	keys "fg\r"
	line_is {fg shows the line again} "set foo ba|"
	keys "r"
	line_is {and it is still edited} "set foo bar|"
	answers {and run} "" {STORED}
	is {as it stands} bar [stored foo]
	freeze $server
	keys "get foo\r"
	must {the command to run} {[terminal_signals]}
	keys "\x1a"
	must {the shell} {[screen::row $screen::y] eq {shell$}}
	thaw $server
	keys "fg\r"
	prompt_comes
	ok {a command that waits can be stopped, and goes on} \
		[expr {{"bar"  (3 bytes)} in [rows_from 0]}]
	keys "\x04"
	must {the shell} {[screen::row $screen::y] eq {shell$}}
	keys "exit\r"
	ends_with {the end} 0
}

done_testing
