#!/usr/bin/env expect
# The prompt tells the truth about the connection.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {a server that goes and comes back} {
	start
	answer "set foo bar"
	stop_server $server
	keys "\r"
	prompt_comes "$socket (not connected)> "
	reached {the next prompt says that it went}
	keys "get foo\r"
	prompt_comes "$socket (not connected)> "
	ok {a command says why} \
		[expr {[string first "mcsh: cannot connect" [join [rows_from 0] ""]] >= 0}]
	start_server
	answers {the next command connects} "get foo" {{(miss)  (foo is not in the cache)}}
	answers {and all is well} "set foo again" {STORED}
}

session {a server that is replaced while the prompt waits} {
	start
	answer "get foo"
	stop_server $server
	start_server
	answers {the command that finds the old connection closed is run on a new one} \
		"set foo bar" {STORED}
}

session {no server} {
	stop_server $server
	file delete $socket
	start_program -- $env(MCSH) $socket
	prompt_comes "$socket (not connected)> "
	set text [join [rows_from 0] ""]
	ok {the greeting says so} [expr {[string first "mcsh: cannot connect" $text] >= 0}]
	ok {and names the sandbox} [expr {[string first "--sandbox" $text] >= 0}]
	set prompt "$socket (not connected)> "
	set text [join [answer "get foo"] ""]
	ok {a command says it again} [expr {[string first "mcsh: cannot connect" $text] >= 0}]
	keys "\x04"
	ends_with {the exit status tells} 4
}

session {a sandbox that is left} {
	start_program -- $env(MCSH) --sandbox --timing=off
	set prompt "sandbox> "
	prompt_comes
	keys ".connect $work/nobody\r"
	set prompt "$work/nobody (not connected)> "
	prompt_comes
	reached {the prompt says so}
	leave
}

done_testing
